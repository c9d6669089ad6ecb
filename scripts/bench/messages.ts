import { killingSupervisor, percentile, type Talk, talk } from '../../test/board/talk.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { type Row, timeRow, told } from './measure.ts';

const AGENTS = 50;
/** Messages of each at the pace that is promised for, and of each in the long talk. */
const PACED = 12;
const LONG = 200;
/** Milliseconds between two messages of one: 20 a second among all. */
const EVERY = (AGENTS * 1000) / 20;
/** Milliseconds between two deaths of the supervisor. */
const DEATHS = 3000;

/** Messages among a full team, each a process of its own: how long one takes, and that none gets lost. */
export async function benchMessages(): Promise<Row[]> {
  const paced = await inWorld((world) => talk(world, { talkers: AGENTS, count: PACED, every: EVERY }));
  const { result, kills } = await inWorld((world) =>
    killingSupervisor(world, DEATHS, () => talk(world, { talkers: AGENTS, count: LONG, every: 0 })),
  );
  const waiting = `message posted → seen by who waits, ${AGENTS} agents, 20 messages/s`;
  return [
    told(timeRow(`${waiting}, p50`, percentile(paced.latencies, 0.5), 50)),
    timeRow(`${waiting}, p99`, percentile(paced.latencies, 0.99), 50),
    whole(`${result.messages} messages among ${AGENTS}, the supervisor killed ${kills} times`, result),
  ];
}

/** Each seen once and in order; how long that took is told only. */
function whole(what: string, { latencies, problems, messages, seconds }: Talk): Row {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)].map(Math.round);
  const pace = `${Math.round(messages / seconds)} a second, p50 ${p50} ms, p99 ${p99} ms`;
  const ok = problems.length === 0 && messages === AGENTS * LONG;
  return {
    what,
    measured: ok ? `each once, in order; ${pace}` : problems.join('; '),
    limit: 'each once, in order',
    ok,
  };
}

async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await makeWorld();
  try {
    return await work(world);
  } finally {
    await world.dispose();
  }
}
