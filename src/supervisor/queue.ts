import { type QueuedPrompt, queuedPrompts } from '../agents/deliver/queue.ts';
import { deliverQueued } from '../agents/deliver-to.ts';
import type { Observation } from '../agents/observe.ts';
import type { Session } from '../agents/session.ts';
import { messageOf } from '../lib/errors.ts';
import type { Job } from './jobs.ts';

/** Milliseconds for which an agent that looks able is tried: prompts that a person sends meanwhile wait behind it. */
const TRY = 2000;

/** Types the prompts that wait, one after the other for each agent, as soon as it can take one. */
export class Queue implements Job {
  readonly name = 'queue';
  readonly #tell: (line: string) => void;
  readonly #typing = new Map<string, Promise<void>>();

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    const waiting = await queuedPrompts(session.db);
    for (const seen of team) {
      const first = waiting.find(({ agentId }) => agentId === seen.row.id);
      if (first !== undefined && isAble(seen, first) && !this.#typing.has(seen.row.id))
        this.#type(session, seen, first);
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#typing.values());
  }

  #type(session: Session, seen: Observation, prompt: QueuedPrompt): void {
    const { id, name } = seen.row;
    const done = deliverQueued(session, seen, prompt, TRY)
      .then((delivery) => {
        if (delivery !== null && delivery.state !== 'queued') this.#tell(`${name}: queued prompt ${delivery.state}`);
      })
      .catch((error: unknown) => this.#tell(`${name}: a queued prompt: ${messageOf(error)}`))
      .finally(() => this.#typing.delete(id));
    this.#typing.set(id, done);
  }
}

/** Whether it is worth trying: the delivery itself looks closely. */
function isAble({ look, pane }: Observation, { mode }: QueuedPrompt): boolean {
  if (pane === null || pane.dead || look === null) return false;
  return look.state === 'ready' || look.state === 'error' || (look.state === 'busy' && mode !== 'when-idle');
}
