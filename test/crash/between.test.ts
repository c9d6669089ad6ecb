import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { writeScript } from '../support/hostile.ts';
import { useWorld, type World } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, atWork, expectWhole, forEach, repairWell, rows, SLOW, well } from './support.ts';

/**
 * A git that counts its calls that write, in $COUNT, and kills whoever called it once the call number $KILL is through:
 * a step of swarm's is many calls of git's.
 */
async function installGit(world: World): Promise<void> {
  const real = (await run(['sh', '-c', 'command -v git'])).stdout.trim();
  const writes = 'update-ref|symbolic-ref|worktree|reset|config';
  writeScript(
    join(world.bin, 'git'),
    `writes=
for word in "$@"; do case "$word" in ${writes}) writes=$word; break;; esac; done
case "$*" in *"worktree list"*|*"symbolic-ref --quiet"*|*" --get"*) writes=;; esac
[ -n "$writes" ] && [ -n "$COUNT" ] || exec '${real}' "$@"
echo "$*" >> "$COUNT"
'${real}' "$@"
status=$?
[ "$(wc -l < "$COUNT")" -eq "$KILL" ] && kill -9 $PPID
exit $status`,
  );
}

/** The calls that write of one complete call of swarm, each as git got it. */
async function calls(world: World, words: readonly string[]): Promise<string[]> {
  const count = join(world.dir, 'count-whole');
  const { exitCode, stderr } = await world.swarm(words, { env: { COUNT: count, KILL: '0' } });
  if (exitCode !== 0) throw new Error(stderr);
  return readFileSync(count, 'utf8').trim().split('\n');
}

/** Kills swarm behind the call number `index`. */
async function killBehind(world: World, words: readonly string[], index: number, name: string): Promise<void> {
  const env = { COUNT: join(world.dir, `count-${name}`), KILL: String(index + 1) };
  const { signal, stderr } = await world.swarm(words, { env });
  if (signal !== 'SIGKILL') throw new Error(`it passed call ${index}: ${stderr}`);
}

describe('between two calls of git', () => {
  const world = useWorld();
  const spawn = (ticket: string) => ['spawn', ticket, '--agent', 'shell', '--no-wait'];
  const rm = (name: string) => ['rm', name, '--force', '--delete-branch'];

  it('a spawn can be killed', SLOW, async () => {
    await installGit(world);
    const all = await calls(world, spawn('whole'));
    await forEach(all, String, (_, index) => killBehind(world, spawn(`t${index}`), index, `t${index}`));
    await repairWell(world);
    expect(await audit(world)).toEqual([]);
    const there = (await agents(world)).map(({ ticket }) => ticket);
    await forEach(all, String, async (_, index) => {
      if (!there.includes(`t${index}`)) await well(world, spawn(`t${index}`));
    });
    expect(await audit(world)).toEqual([]);
  });

  it('a removal and a restore can be killed', SLOW, async () => {
    await installGit(world);
    await atWork(world, ['whole']);
    const removing = await calls(world, rm('worker-1'));
    writeFileSync(join(world.dir, 'count-whole'), '');
    const restoring = await calls(world, ['restore', 'worker-1']);
    const team = await atWork(
      world,
      [...removing, ...restoring].map((_, index) => `t${index}`),
    );
    const [gone, back] = [team.slice(0, removing.length), team.slice(removing.length)];
    await well(world, ['rm', ...back.map(({ name }) => name), '--force', '--delete-branch']);
    await forEach(
      gone,
      ({ name }) => name,
      ({ name }, index) => killBehind(world, rm(name), index, name),
    );
    await forEach(
      back,
      ({ name }) => name,
      ({ name }, index) => killBehind(world, ['restore', name], index, name),
    );
    await repairWell(world);
    expect(await audit(world)).toEqual([]);
    await forEach(
      gone,
      ({ name }) => name,
      async (agent) => {
        expect(existsSync(agent.worktree ?? '')).toBe(false);
        await well(world, ['restore', agent.name]);
      },
    );
    await forEach(
      team,
      ({ name }) => name,
      (agent) => expectWhole(world, agent),
    );
    expect(rows(world, 'select id from removed')).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });
});
