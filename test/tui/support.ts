import type { LiveAgent } from '../../src/agents/live.ts';
import type { Agent } from '../../src/agents/types.ts';
import { keymapOf } from '../../src/tui/keys.ts';
import type { Effect, Event } from '../../src/tui/protocol.ts';
import { reduce } from '../../src/tui/reduce/reducer.ts';
import { type Model, startModel } from '../../src/tui/state.ts';

/** The moment at which the models of these tests begin. */
export const NOW = Date.parse('2026-11-20T12:00:00.000Z');

/** An agent as it might be looked at; `id` is its name. */
function agent(name: string, patch: Partial<Agent> = {}): Agent {
  return {
    id: name,
    name,
    ticket: `ticket-${name}`,
    role: 'worker',
    cli: 'claude',
    model: null,
    status: 'working',
    reason: 'hook PreToolUse Bash',
    source: 'hook',
    since: new Date(NOW - 5 * 60_000).toISOString(),
    unseen: false,
    takenOver: false,
    branch: `ticket-${name}`,
    base: 'main',
    worktree: `/work/${name}`,
    git: null,
    tmux: { socket: null, session: 'swarm-app', window: '@1', pane: '%1' },
    pid: 1,
    ports: {},
    parent: null,
    task: null,
    host: 'here',
    sessionId: null,
    restarts: 0,
    budget: { allocated: null, consumed: 0, available: null },
    createdAt: new Date(NOW - 60 * 60_000).toISOString(),
    lastActivityAt: new Date(NOW).toISOString(),
    ...patch,
  };
}

export function live(name: string, patch: Partial<Agent> = {}, more: Partial<LiveAgent> = {}): LiveAgent {
  return { agent: agent(name, patch), question: null, listening: [], queued: 0, conflicts: [], ...more };
}

/** A view of a team at a size. */
export function view(agents: readonly LiveAgent[], columns = 120, rows = 30, keys: Record<string, string> = {}): Model {
  const setting = { repository: 'app', popup: false, clis: ['claude', 'codex'], keymap: keymapOf(keys) };
  const start = startModel(setting, { columns, rows }, NOW);
  return reduce(start, { type: 'team', agents, now: NOW }).model;
}

/** The model after events, and all that they led to. */
export function happen(model: Model, ...events: readonly Event[]): { model: Model; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = model;
  for (const event of events) {
    const step = reduce(now, event);
    effects.push(...step.effects);
    now = step.model;
  }
  return { model: now, effects };
}

export const key = (name: string, now = NOW): Event => ({ type: 'key', key: name, now });
export const press = (model: Model, ...keys: readonly string[]) => happen(model, ...keys.map((name) => key(name)));
