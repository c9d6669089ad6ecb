import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentFolder } from '../agents/agent-folder.ts';
import { agentCli } from '../agents/clis/index.ts';
import { messageText, pointerText } from '../agents/deliver/message-text.ts';
import { queuedPrompts } from '../agents/deliver/queue.ts';
import { deliverTo } from '../agents/deliver-to.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { isTakenOver } from '../agents/take-over.ts';
import type { Delivery } from '../agents/types.ts';
import { boardOf } from '../board/context.ts';
import { type HeldMessage, settleScreen, takeForScreen } from '../board/messages/screen.ts';
import { errnoOf, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';

/** Milliseconds for which an agent that looks able is tried, and after which one that was not is tried again. */
const TRY = 2000;
const AGAIN = 5000;

/**
 * Types the board's messages to agents that rest, the urgent ones first, one at a time, each at most once. Who works reads
 * its inbox itself, or gets them when its turn ends; a person who types there is not disturbed.
 */
export class Mail implements Job {
  readonly name = 'mail';
  readonly #tell: (line: string) => void;
  readonly #typing: InFlight;
  /** When an agent that could not take one is tried again. */
  readonly #later = new Map<string, number>();

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#typing = new InFlight(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const waiting = await recipients(session);
    if (waiting.size === 0) return;
    const prompts = await queuedPrompts(session.db);
    for (const seen of team) {
      const { id } = seen.row;
      const free = !this.#typing.has(id) && performance.now() >= (this.#later.get(id) ?? 0);
      // What a person sent comes first.
      const next = waiting.has(id) && free && prompts.every(({ agentId }) => agentId !== id);
      if (next && isAble(seen)) this.#typing.start(seen.row, () => this.#next(session, seen.row));
    }
  }

  settle(): Promise<void> {
    return this.#typing.settle();
  }

  async #next(session: Session, row: AgentRow): Promise<void> {
    const board = boardOf(session);
    const message = await takeForScreen(board, row.id);
    if (message === null) return;
    const mark = markOf(session, row, message);
    if (!reserve(mark)) {
      // The store knows nothing of it: it was restored from an earlier backup since.
      await settleScreen(board, message, 'unknown', null);
      this.#tell(`${row.name}: a message from ${message.from} was typed before, and is not typed again`);
      return;
    }
    const { delivery, whole } = await type(session, row, message);
    const { state, evidence } = delivery;
    if (state === 'delivered' && whole)
      await settleScreen(board, message, 'seen', evidence === 'hook' ? 'hook' : 'screen');
    else if (state === 'delivered' || state === 'unknown') await settleScreen(board, message, 'unknown', null);
    else {
      rmSync(mark, { force: true });
      await settleScreen(board, message, 'queued', null);
      this.#later.set(row.id, performance.now() + AGAIN);
      return;
    }
    this.#later.delete(row.id);
    this.#tell(
      `${row.name}: message from ${message.from} ${state}${delivery.reason === null ? '' : `: ${delivery.reason}`}`,
    );
  }
}

/** Who has a message that nobody has handed over yet: one question for the whole team. */
async function recipients({ db }: Session): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('messages')
    .select('to_id')
    .distinct()
    .where('state', 'in', ['queued', 'delivered'])
    .where('holder', 'is', null)
    .execute();
  return new Set(rows.map(({ to_id }) => to_id));
}

/** Whether it is worth trying: the delivery itself looks closely. A shell would run what it is told. */
function isAble({ row, look, pane }: Observation): boolean {
  // A turn that ended with an error is over, too.
  const rests = look?.state === 'ready' || look?.state === 'error';
  return pane !== null && !pane.dead && rests && row.cli !== 'shell' && !isTakenOver(row);
}

/** Types it; a text that the program can't take is replaced by where it is to be read. */
async function type(
  session: Session,
  row: AgentRow,
  message: HeldMessage,
): Promise<{ readonly delivery: Delivery; readonly whole: boolean }> {
  const how = { mode: 'when-idle', timeout: TRY, raw: false } as const;
  try {
    const text = messageText(message, agentCli(row.cli, session.config));
    return { delivery: await deliverTo(session, row, { ...how, text }), whole: true };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { delivery: await deliverTo(session, row, { ...how, text: pointerText(message) }), whole: false };
  }
}

/** Says, where no backup can take it back, that the message is about to be typed. */
function markOf({ repo }: Session, row: AgentRow, { id }: HeldMessage): string {
  return join(agentFolder(repo, row), 'prompts', `${id}.message`);
}

/** False when it was said before. */
function reserve(mark: string): boolean {
  mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(mark, '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}
