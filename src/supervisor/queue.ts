import { type QueuedPrompt, queuedPrompts } from '../agents/deliver/queue.ts';
import { deliverQueued } from '../agents/deliver-to.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { InFlight } from './in-flight.ts';
import type { Job } from './jobs.ts';

/** Milliseconds for which an agent that looks able is tried: prompts that a person sends meanwhile wait behind it. */
const TRY = 2000;

/** Types the prompts that wait, one after the other for each agent, as soon as it can take one. */
export class Queue implements Job {
  readonly name = 'queue';
  readonly #tell: (line: string) => void;
  readonly #typing: InFlight;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
    this.#typing = new InFlight(tell);
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
function isAble({ look, pane }: Observation, { mode }: QueuedPrompt): boolean {
  if (pane === null || pane.dead || look === null) return false;
  return look.state === 'ready' || look.state === 'error' || (look.state === 'busy' && mode !== 'when-idle');
}
