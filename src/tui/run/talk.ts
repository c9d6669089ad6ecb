import { approveAgent } from '../../agents/approve/approve.ts';
import { deliverTo } from '../../agents/deliver-to.ts';
import { panesOf } from '../../agents/observe.ts';
import type { Question } from '../../agents/question.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Input } from '../input/decode.ts';
import { done, failureOf, forEach, inJob } from './job.ts';
import { rowOf, type Stage } from './stage.ts';

/** Milliseconds to wait for an agent to be able to take a prompt, as for `swarm send`. */
const PATIENCE = 60_000;

/** Types a prompt into each agent, once it can take one; whom it did not reach is in the notice. */
export function promptAll(stage: Stage, rows: readonly AgentRow[], text: string): Promise<void> {
  const names = rows.map(({ name }) => name).join(', ');
  const options = { text, mode: 'when-idle', timeout: PATIENCE, raw: false, queue: true } as const;
  return inJob(stage, `prompting ${names}, once it can take it`, async () => {
    const reached = new Set<string>();
    const notice = await forEach(
      rows,
      ({ name }) => name,
      async (row) => {
        const { state, evidence, reason } = await deliverTo(stage.session, row, options);
        if (state === 'delivered' || state === 'queued') reached.add(row.id);
        if (state === 'delivered') return `${row.name} has the prompt, seen by ${evidence ?? 'nothing'}`;
        if (state === 'queued') return `${row.name} gets the prompt later: ${reason ?? 'it is busy'}`;
        throw new UserError({
          code: 'NOT_DELIVERED',
          exit: exit.undelivered,
          message: `${row.name}: the prompt is ${state}: ${reason ?? 'no reason known'}`,
          hint: null,
        });
      },
    );
    const missed = rows.flatMap(({ id }) => (reached.has(id) ? [] : [id]));
    return { notice: missed.length === 0 ? notice : { ...notice, missed }, undo: null };
  });
}

/** Answers the question that the person has seen, and no other. */
export function approve(stage: Stage, row: AgentRow, option: number, question: Question): Promise<void> {
  return inJob(stage, `answering ${row.name}`, async ({ tell }) => {
    const answered = await approveAgent(stage.session, row, String(option), tell, question);
    return done(`${row.name} was answered: ${oneLine(answered.option.label)} (pressed ${answered.pressed})`);
  });
}

interface Batch {
  readonly agent: string;
  readonly keys: readonly string[];
  /** In place of keys. */
  readonly paste: string | null;
}

/** Keys that a person types into an agent's own window, one after the other in their order. */
export class Typist {
  readonly #stage: Stage;
  #waiting: { readonly agent: string; readonly input: Input }[] = [];
  #busy = false;
  /** The pane and process that were typed into last: a window seldom changes while one types. */
  #pane: { readonly agent: string; readonly pane: string; readonly pid: number } | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  type(agent: string, input: Input): void {
    this.#waiting.push({ agent, input });
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      await this.#send(batch).catch((error: unknown) => {
        this.#waiting = [];
        this.#pane = null;
        this.#stage.dispatch({ type: 'notice', notice: failureOf(error) });
      });
      this.#stage.typed();
    }
    this.#busy = false;
  }

  /** Keys for one agent that came in a row go in one call; a paste is one by itself. */
  #next(): Batch {
    const [first] = this.#waiting;
    if (first === undefined || first.input.kind === 'paste') {
      this.#waiting.shift();
      return { agent: first?.agent ?? '', keys: [], paste: first?.input.kind === 'paste' ? first.input.text : '' };
    }
    const keys: string[] = [];
    while (this.#waiting[0]?.agent === first.agent && this.#waiting[0].input.kind === 'key') {
      keys.push(this.#waiting[0].input.key);
      this.#waiting.shift();
    }
    return { agent: first.agent, keys, paste: null };
  }

  async #send({ agent, keys, paste }: Batch): Promise<void> {
    if (paste === '') return;
    const { tmux } = this.#stage.session;
    const { pane, pid } = await this.#paneOf(agent);
    const typed = paste === null ? await tmux.keys(pane, { pid }, keys) : await tmux.paste(pane, { pid }, paste);
    if (typed.refused === null) return;
    this.#pane = null;
    throw new UserError({
      code: 'NOT_TYPED',
      exit: exit.refused,
      message: `Nothing was typed: ${REFUSALS[typed.refused]}.`,
      hint: null,
    });
  }

  async #paneOf(agent: string): Promise<{ readonly pane: string; readonly pid: number }> {
    if (this.#pane?.agent === agent) return this.#pane;
    const row = await rowOf(this.#stage, agent);
    const pane = (await panesOf(this.#stage.session, [row])).get(agent);
    if (pane === undefined) throw gone(row);
    this.#pane = { agent, pane: pane.pane, pid: pane.pid };
    return this.#pane;
  }
}

const REFUSALS = {
  gone: 'its window is gone',
  dead: 'its process has ended',
  replaced: 'another process runs in its window by now',
  mode: 'somebody scrolls in its window (copy mode)',
  'input-off': 'input to its window is switched off',
  screen: 'its screen has changed',
} as const;

function gone({ name }: AgentRow): UserError {
  return new UserError({
    code: 'NO_WINDOW',
    exit: exit.notFound,
    message: `${name} has no window to type into.`,
    hint: `swarm restart ${name}`,
  });
}
