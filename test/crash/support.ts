import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RepairItem } from '../../src/agents/repair/report.ts';
import type { Agent } from '../../src/agents/types.ts';
import { settleAll } from '../../src/lib/parallel.ts';
import { peekRows } from '../../src/store/peek-rows.ts';
import type { World } from '../support/world.ts';

/** Dozens of processes one after the other, on a machine that may be busy with others. */
export const SLOW = { timeout: 300_000 };

/** Moments of a step at which a crash differs: the intent is on disk, the effect is there too, both are. */
const PHASES = ['begun', 'effect', 'done'] as const;

export const stateOf = (world: World) => join(world.repo, '.git', 'swarm');

/** Rows of the session's database. */
export function rows<Row>(world: World, query: string): Row[] {
  return peekRows<Row>(stateOf(world), 'swarm.db', query);
}

/**
 * Every point at which a kind of operation can be killed, as the last complete one wrote its steps: a step that is new
 * tomorrow is among them.
 */
export function pointsOf(world: World, kind: string): string[] {
  const steps = rows<{ name: string }>(
    world,
    `select name from steps where operation_id = (select id from operations
     where kind = '${kind}' and outcome = 'done' order by finished_at desc limit 1) order by at`,
  );
  if (steps.length === 0) throw new Error(`no ${kind} has come to its end`);
  return steps.flatMap(({ name }) => PHASES.map((phase) => `${kind}:${name}:${phase}`));
}

/** Calls swarm so that it is killed at the point, and sees to it that it was. */
export async function crash(world: World, words: readonly string[], point: string): Promise<void> {
  const { signal, stderr, stdout } = await world.swarm(words, { env: { SWARM_CRASH_AT: point } });
  if (signal !== 'SIGKILL') throw new Error(`${words.join(' ')} passed ${point}:\n${stdout}${stderr}`);
}

/** Calls swarm, expects success, answers with its document. */
export async function well<T>(world: World, words: readonly string[]): Promise<T> {
  const [command = '', ...more] = words;
  const result = await world.swarm([command, '--json', ...more]);
  if (result.exitCode !== 0)
    throw new Error(`${words.join(' ')} → ${result.exitCode}: ${result.stdout}${result.stderr}`);
  return result.jsonAs<T>();
}

export async function repair(
  world: World,
  ...flags: readonly string[]
): Promise<{ exit: number; items: RepairItem[] }> {
  const result = await world.swarm(['repair', '--json', ...flags]);
  return { exit: result.exitCode, items: result.jsonAs<{ items: RepairItem[] }>().items };
}

/** Repairs at once, and expects that nothing is left: neither for a person nor for a second repair. */
export async function repairWell(world: World): Promise<RepairItem[]> {
  const { exit, items } = await repair(world);
  expect({ exit, left: items.filter(({ state }) => state !== 'mended') }).toEqual({ exit: 0, left: [] });
  expect(await repair(world)).toEqual({ exit: 0, items: [] });
  return items;
}

export async function agents(world: World): Promise<Agent[]> {
  return (await well<{ agents: Agent[] }>(world, ['ls'])).agents;
}

/** Works on all, a few at a time, and fails with everything that went wrong, each under its name. */
export async function forEach<T>(
  items: readonly T[],
  name: (item: T) => string,
  work: (item: T, index: number) => Promise<void>,
) {
  const results = await settleAll(items, 4, work);
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [`${name(items[index] as T)}: ${result.reason?.message ?? result.reason}`] : [],
  );
  expect(failures).toEqual([]);
}

const conversations = (world: World) => join(world.home, '.local', 'state', 'swarm', 'scripted');

/** What was said to a scripted agent in a conversation. */
export function said(world: World, conversation: string): string[] {
  return readFileSync(join(conversations(world), `${conversation}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; text: string })
    .flatMap(({ type, text }) => (type === 'user' ? [text] : []));
}

/** How often each prompt came to a scripted agent, over all conversations. */
export function prompts(world: World): Map<string, number> {
  const all = readdirSync(conversations(world)).flatMap((file) => said(world, file.replace('.jsonl', '')));
  const counts = new Map<string, number>();
  for (const text of all) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Agents with work of every kind in them: a commit, a changed file and a new one. */
export async function atWork(world: World, tickets: readonly string[]): Promise<Agent[]> {
  const made = await well<{ agents: Agent[] }>(world, ['spawn', ...tickets, '--agent', 'shell', '--no-wait']);
  await forEach(
    made.agents,
    ({ name }) => name,
    async ({ name, worktree }) => {
      const dir = worktree ?? '';
      await world.git(['commit', '--quiet', '--allow-empty', '-m', `Work of ${name}`], dir);
      writeFileSync(join(dir, 'README.md'), `changed by ${name}`);
      writeFileSync(join(dir, 'new.txt'), `new of ${name}`);
    },
  );
  return made.agents;
}

export async function expectWhole(world: World, { name, worktree }: Agent): Promise<void> {
  const dir = worktree ?? '';
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  expect([read('README.md'), read('new.txt')]).toEqual([`changed by ${name}`, `new of ${name}`]);
  expect(await world.git(['log', '-1', '--format=%s'], dir)).toBe(`Work of ${name}\n`);
  expect(await world.git(['status', '--porcelain'], dir)).toBe(' M README.md\n?? new.txt\n');
}
