import { type QueuedPrompt, queuedPrompts } from '../agents/deliver/queue.ts';
import { settleInterrupted } from '../agents/deliver/records.ts';
import { deliverQueued } from '../agents/deliver-to.ts';
import type { Observation } from '../agents/observe.ts';
import { agentById, recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { isTakenOver } from '../agents/take-over.ts';
import type { SessionDb } from '../store/open.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';

/** Milliseconds for which an agent that looks able is tried: prompts that a person sends meanwhile wait behind it. */
const TRY = 2000;

/** Types the prompts that wait, one after the other for each agent, as soon as it can take one. */
export class Queue implements Job {
  readonly name = 'queue';
  readonly #tell: (line: string) => void;
  readonly #typing: InFlight;

  private constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#typing = new InFlight(tell);
  }

  /** Says first what is known of prompts in the middle of which an earlier process died: nobody else waits for them. */
  static async open(db: SessionDb, tell: (line: string) => void): Promise<Queue> {
    for (const { message, agentId, state, reason } of await settleInterrupted(db)) {
      const agent = (await agentById(db, agentId))?.name ?? null;
      await recordEvent(db, agent, 'delivery', { agent, message, state, reason });
      tell(`${agent ?? 'an agent that was removed'}: a prompt is ${state}: ${reason}`);
    }
    return new Queue(tell);
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const waiting = await queuedPrompts(session.db);
    for (const seen of team) {
      const first = waiting.find(({ agentId }) => agentId === seen.row.id);
      if (first === undefined || !isAble(seen, first) || this.#typing.has(seen.row.id)) continue;
      this.#typing.start(seen.row, async () => {
        const delivery = await deliverQueued(session, seen, first, TRY);
        if (delivery !== null && delivery.state !== 'queued')
          this.#tell(`${seen.row.name}: queued prompt ${delivery.state}`);
      });
    }
  }

  settle(): Promise<void> {
    return this.#typing.settle();
  }
}

/** Whether it is worth trying: the delivery itself looks closely. */
function isAble({ row, look, pane }: Observation, { mode }: QueuedPrompt): boolean {
  if (isTakenOver(row)) return false;
  if (pane === null || pane.dead || look === null) return false;
  return look.state === 'ready' || look.state === 'error' || (look.state === 'busy' && mode !== 'when-idle');
}
