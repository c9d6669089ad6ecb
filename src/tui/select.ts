import { attention, needsPerson } from '../agents/attention.ts';
import type { LiveAgent } from '../agents/live.ts';
import type { Model, Sort } from './state.ts';

/** The agent that the cursor is on; null when nobody is listed. */
export function selectedAgent(model: Model): LiveAgent | null {
  return agentWith(model, model.selected);
}

export function agentWith(model: Model, id: string | null): LiveAgent | null {
  return model.agents?.find(({ agent }) => agent.id === id) ?? null;
}

/** Those that are listed, in their order. */
export function listedAgents({ agents, order }: Model): LiveAgent[] {
  const byId = new Map(agents?.map((live) => [live.agent.id, live]));
  return order.flatMap((id) => byId.get(id) ?? []);
}

/**
 * The marked agents in the order of the list, after them those that the list leaves out; or the selected one when none is
 * marked.
 */
export function chosenAgents(model: Model): LiveAgent[] {
  const marked = model.agents?.filter(({ agent }) => model.marked.has(agent.id)) ?? [];
  const unlisted = marked.filter(({ agent }) => !model.order.includes(agent.id));
  const listed = listedAgents(model).filter((live) => marked.includes(live));
  const selected = selectedAgent(model);
  return marked.length > 0 ? [...listed, ...unlisted] : selected === null ? [] : [selected];
}

/** Ids of those that the filter lets through, in the order of the chosen sort. */
export function orderOf(model: Pick<Model, 'agents' | 'filter' | 'sort' | 'hidden' | 'showHidden'>): string[] {
  const shown = (model.agents ?? []).filter(
    (live) => (model.showHidden || !model.hidden.has(live.agent.id)) && fits(live, model.filter),
  );
  return shown.toSorted(comparison[model.sort]).map(({ agent }) => agent.id);
}

/** The order as it was, without those that are gone or filtered out, newcomers at its end. */
export function keptOrder(model: Model): string[] {
  const fresh = orderOf(model);
  const kept = model.order.filter((id) => fresh.includes(id));
  return [...kept, ...fresh.filter((id) => !kept.includes(id))];
}

const comparison: Readonly<Record<Sort, (a: LiveAgent, b: LiveAgent) => number>> = {
  attention: (a, b) => {
    const [one, other] = [attention(a.agent), attention(b.agent)];
    if (one !== other) return one - other;
    // Who has waited longest comes first; the others stay in the order of their creation.
    return needsPerson(a.agent) ? a.agent.since.localeCompare(b.agent.since) : 0;
  },
  name: (a, b) => a.agent.name.localeCompare(b.agent.name, undefined, { numeric: true }),
  age: (a, b) => b.agent.since.localeCompare(a.agent.since),
  created: () => 0,
};

/** Whether an agent fits every word of a filter: `:working` a status, `@claude` an agent CLI, else any of its names. */
function fits({ agent }: LiveAgent, filter: string): boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const names = [agent.name, agent.ticket, agent.branch, agent.reason].map((name) => name?.toLowerCase() ?? '');
  return words.every((word) => {
    if (word.startsWith(':')) return agent.status.startsWith(word.slice(1));
    if (word.startsWith('@')) return agent.cli.toLowerCase().startsWith(word.slice(1));
    return names.some((name) => name.includes(word));
  });
}

/** The next agent that needs a person, after the selected one and round; null when there is none. */
export function nextNeedy(model: Model, step: 1 | -1): string | null {
  const listed = listedAgents(model);
  const needy = listed.filter(({ agent }) => needsPerson(agent)).map(({ agent }) => agent.id);
  if (needy.length === 0) return null;
  const at = model.order.indexOf(model.selected ?? '');
  const places = needy.map((id) => model.order.indexOf(id));
  const next = step === 1 ? places.find((place) => place > at) : places.findLast((place) => place < at);
  return model.order[next ?? (step === 1 ? places[0] : places.at(-1)) ?? -1] ?? null;
}
