import { z } from 'zod';
import { poll } from '../../src/lib/poll.ts';
import type { Stage } from './stage.ts';

const status = z.looseObject({
  agent: z.looseObject({
    status: z.string(),
    reason: z.string().nullable(),
    worktree: z.string().nullable(),
    tmux: z.looseObject({ pane: z.string().nullable() }),
  }),
  question: z
    .looseObject({
      kind: z.string(),
      text: z.string(),
      subject: z.looseObject({ kind: z.string(), what: z.string() }).nullable(),
      options: z.array(z.looseObject({ label: z.string() })),
    })
    .nullable()
    .default(null),
});
type Seen = z.infer<typeof status>['agent'] & { readonly question: z.infer<typeof status>['question'] };

/** A delivery, of what is looked at here. */
const delivery = z.looseObject({
  state: z.string(),
  evidence: z.string().nullable(),
  reason: z.string().nullable(),
  changes: z.array(z.string()),
});
export type Delivered = z.infer<typeof delivery>;
const deliveries = z.looseObject({ deliveries: z.array(delivery) });

/** Something that swarm showed wrong. */
export class Wrong extends Error {}

/** Milliseconds for what has no limit of its own: a CLI's first turn may take long on a busy machine. */
const PATIENCE = 45_000;

/** What swarm says of the agent now. */
export async function statusOf(stage: Stage, agent: string): Promise<Seen> {
  const { stdout, stderr } = await stage.swarm(['status', agent, '--json']);
  const read = status.safeParse(JSON.parse(stdout || 'null'));
  if (!read.success) throw new Wrong(`swarm status ${agent} said ${stdout}${stderr}`);
  return { ...read.data.agent, question: read.data.question };
}

/** The one delivery in an answer of spawn or send. */
export function deliveryIn(result: { readonly stdout: string; readonly stderr: string }): Delivered {
  const read = deliveries.safeParse(JSON.parse(result.stdout || 'null'));
  const one = read.data?.deliveries[0];
  if (one === undefined) throw new Wrong(`no delivery: ${result.stdout}${result.stderr}`);
  return one;
}

/** Waits until the agent has that status, and its reason fits. @throws Wrong with what was seen last. */
export async function reach(
  stage: Stage,
  agent: string,
  wanted: { readonly status: readonly string[]; readonly reason?: RegExp },
  timeout = PATIENCE,
): Promise<Seen> {
  let last: Seen | null = null;
  const found = await poll(
    async () => {
      last = await statusOf(stage, agent);
      const fits = wanted.status.includes(last.status) && (wanted.reason?.test(last.reason ?? '') ?? true);
      return fits ? last : null;
    },
    { timeout, every: 250 },
  );
  if (found !== null) return found;
  throw new Wrong(
    `expected ${wanted.status.join(' or ')}${wanted.reason ? ` (${wanted.reason.source})` : ''}, was ${shown(last)}`,
  );
}

/** Milliseconds for which a status must stay: a hook is believed for 2 s, then the screen speaks for itself. */
const STAYS = 3500;

/** Waits until the agent asks something of this kind, with answers to choose from. @throws Wrong */
export async function asks(
  stage: Stage,
  agent: string,
  kinds: readonly string[],
): Promise<NonNullable<Seen['question']>> {
  await reach(stage, agent, { status: ['waiting'] });
  // A hook may say that it waits before its screen shows for what.
  const question = await poll(async () => (await statusOf(stage, agent)).question, { timeout: 3000, every: 250 });
  if (question === null) throw new Wrong('it is waiting, and what it asks is not known');
  const said = `${question.kind}: ${question.text}`;
  if (!kinds.includes(question.kind))
    throw new Wrong(`expected a question of the kind ${kinds.join(' or ')}, was ${said}`);
  if (question.options.length < 2) throw new Wrong(`its options are not known: ${said}`);
  return question;
}

/** Looks for a while whether the agent keeps one of these statuses. @throws Wrong */
export async function stays(stage: Stage, agent: string, wanted: readonly string[], time = STAYS): Promise<void> {
  const other = await poll(
    async () => {
      const seen = await statusOf(stage, agent);
      return wanted.includes(seen.status) ? null : seen;
    },
    { timeout: time, every: 300 },
  );
  if (other !== null) throw new Wrong(`expected it to stay ${wanted.join(' or ')}, became ${shown(other)}`);
}

/** Waits for something that the model server sees. @throws Wrong */
export async function until<T>(what: string, look: () => T | null, timeout = PATIENCE): Promise<T> {
  const found = await poll(look, { timeout });
  if (found === null) throw new Wrong(`waited ${timeout / 1000} s for ${what}`);
  return found;
}

function shown(seen: Seen | null): string {
  return seen === null ? 'nothing' : `${seen.status} (${seen.reason ?? ''})`;
}

/** Types a prompt through swarm. @throws Wrong when it isn't delivered. */
export async function send(
  stage: Stage,
  agent: string,
  prompt: string,
  ...flags: readonly string[]
): Promise<Delivered> {
  const args = ['send', agent, '--json', '--timeout', '45s', ...flags, '--', prompt];
  const sent = deliveryIn(await stage.swarm(args));
  if (sent.state !== 'delivered') throw new Wrong(`prompt ${sent.state}: ${sent.reason ?? ''}`);
  return sent;
}
