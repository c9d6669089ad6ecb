import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RepairItem } from '../../src/agents/repair/report.ts';
import type { Agent } from '../../src/agents/types.ts';
import { openSessionDb, openUserDb } from '../../src/store/open.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, repair, repairWell, rows, SLOW, stateOf, well } from './support.ts';

const shell = (...tickets: string[]) => ['spawn', ...tickets, '--agent', 'shell', '--no-wait'];

/** The state as far as a person or a program can see it: files with modes and contents, rows, refs, worktrees, windows. */
async function everything(world: World): Promise<unknown> {
  const state = stateOf(world);
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' })
    // The database says the same through its rows; closing it moves them from one file to the other.
    .filter((file) => !file.startsWith('swarm.db'))
    .sort()
    .map((file) => {
      const stat = statSync(join(state, file));
      return [file, stat.mode, stat.isFile() ? readFileSync(join(state, file), 'utf8') : null];
    });
  const tables = ['meta', 'agents', 'operations', 'steps', 'deliveries', 'events', 'leases', 'removed'];
  return [
    files,
    tables.map((table) => rows(world, `select * from ${table}`)),
    await world.git(['for-each-ref']),
    await world.git(['worktree', 'list', '--porcelain']),
    readdirSync(world.dir, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes('app.worktrees'))
      .sort(),
    (await world.tmux(['list-panes', '-a', '-F', '#{window_id} #{pane_id} #{pane_dead} #{@swarm_agent}'])).stdout,
  ];
}

const saying = (what: string, how: string, state: RepairItem['state']) =>
  expect.objectContaining({ what: expect.stringContaining(what), how: expect.stringContaining(how), state });

describe('swarm repair', () => {
  const world = useWorld();

  it('--dry-run says what would be done and changes nothing', SLOW, async () => {
    await well(world, shell('a', 'b', 'c'));
    await crash(world, ['pause', 'worker-1'], 'pause:process:effect');
    await crash(world, ['rm', 'worker-2'], 'rm:worktree:begun');
    await crash(world, ['rm', 'worker-3'], 'rm:process:begun');
    await crash(world, shell('d'), 'spawn:worktree:effect');
    await crash(world, shell('e'), 'spawn:hooks:begun');
    await crash(world, shell('f'), 'spawn:window:effect');
    await repair(world, '--dry-run');
    const before = await everything(world);
    const { exit, items } = await repair(world, '--dry-run');
    expect(await everything(world)).toEqual(before);
    expect(exit).toBe(0);
    expect(items).toEqual([
      saying('pause of worker-1', 'can be finished', 'found'),
      saying('rm of worker-2', 'can be finished', 'found'),
      saying('rm of worker-3', 'will be given up', 'found'),
      saying('spawn of worker-4', 'will be undone', 'found'),
      saying('spawn of worker-5', 'swarm restart', 'found'),
      saying('spawn of worker-6', 'its window is open', 'found'),
    ]);
    expect((await world.swarm(['repair', '--dry-run'])).stdout).toContain('→ swarm repair');

    expect(await repairWell(world)).toEqual([
      saying('pause of worker-1', 'finished', 'mended'),
      saying('rm of worker-2', 'finished', 'mended'),
      saying('rm of worker-3', 'swarm rm worker-3', 'mended'),
      saying('spawn of worker-4', 'undone', 'mended'),
      saying('spawn of worker-5', 'swarm restart worker-5', 'mended'),
      saying('spawn of worker-6', 'its window is open: finished', 'mended'),
    ]);
    expect(await audit(world)).toEqual([]);
    expect((await world.swarm(['repair'])).stdout).toBe('Nothing to repair.\n');
  });

  it('is what an agent asks for whose making was interrupted', SLOW, async () => {
    await crash(world, shell('a'), 'spawn:worktree:effect');
    expect(await agents(world)).toMatchObject([
      { status: 'failed', reason: 'its spawn was interrupted: swarm repair', source: 'swarm' },
    ]);
    await repairWell(world);
    expect(await agents(world)).toEqual([]);
  });

  it('leaves a living swarm alone, and what it is making', SLOW, async () => {
    const gate = join(world.dir, 'gate');
    const script = `touch '${world.dir}/started'; until [ -e '${gate}' ]; do sleep 0.05; done`;
    world.write(join(world.repo, '.git', 'hooks', 'post-checkout'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(world.repo, '.git', 'hooks', 'post-checkout'), 0o755);
    const living = world.start([...shell('slow'), '--json']);
    await waitFor(() => (existsSync(join(world.dir, 'started')) ? true : null), 'the slow spawn');
    await crash(world, shell('dead'), 'spawn:ports:done');
    expect(await repairWell(world)).toEqual([saying('spawn of worker-2', 'undone', 'mended')]);
    writeFileSync(gate, '');
    expect((await living.result).exitCode).toBe(0);
    expect(await audit(world)).toEqual([]);
  });

  it('twice at once does everything once', SLOW, async () => {
    await well(world, shell('a', 'b', 'c'));
    await crash(world, ['pause', 'worker-1'], 'pause:process:done');
    await crash(world, ['rm', 'worker-2'], 'rm:window:done');
    await crash(world, ['restart', 'worker-3'], 'restart:window:begun');
    await crash(world, shell('d'), 'spawn:worktree:effect');
    const both = await Promise.all([repair(world), repair(world), repair(world)]);
    expect(both.flatMap(({ items }) => items.filter(({ state }) => state !== 'mended'))).toEqual([]);
    expect(both.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    const done = both.flatMap(({ items }) => items.map(({ what }) => what));
    expect(done.sort()).toEqual(['pause of worker-1', 'restart of worker-3', 'rm of worker-2', 'spawn of worker-4']);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });

  it('needs nobody to call it before the next verb on the same agent', SLOW, async () => {
    await well(world, ['spawn', 'a', 'b', '--agent', 'scripted', '-p', 'Hello']);
    await well(world, ['wait', 'worker-1', 'worker-2']);
    await crash(world, ['pause', 'worker-1'], 'pause:window:effect');
    const { stderr, exitCode } = await world.swarm(['resume', 'worker-1']);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('pause of worker-1: finished')]);
    await crash(world, ['rm', 'worker-2'], 'rm:worktree:effect');
    await well(world, ['rm', 'worker-2']);
    await crash(world, ['spawn', 'c', '--agent', 'scripted', '-p', 'Hi'], 'spawn:worktree:effect');
    await well(world, ['spawn', 'c', '--agent', 'scripted', '-p', 'Hi']);
    expect((await agents(world)).map(({ ticket }) => ticket)).toEqual(['a', 'c']);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });
});

describe('what belongs to nobody', () => {
  const world = useWorld();
  const parent = () => join(dirname(world.repo), 'app.worktrees');

  it('worktrees are named, with what to do', SLOW, async () => {
    await well(world, shell('a'));
    const stray = join(parent(), "it's mine");
    await world.git(['worktree', 'add', '--quiet', '-b', 'stray', stray]);
    const found = await repair(world);
    expect(found).toEqual({ exit: 1, items: [saying(`worktree ${stray}`, `swarm adopt '`, 'left')] });
    expect(await repair(world, '--dry-run')).toEqual(found);
    rmSync(stray, { recursive: true });
    expect((await repair(world)).items).toEqual([saying(stray, 'git worktree remove', 'left')]);
    await world.git(['worktree', 'remove', stray]);
    expect(await repairWell(world)).toEqual([]);

    rmSync(join(parent(), 'worker-1'), { recursive: true });
    expect((await repair(world)).items).toEqual([saying('worker-1', 'swarm rm worker-1', 'left')]);
    await well(world, ['rm', 'worker-1']);
    await well(world, ['restore', 'worker-1']);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world, ['stray'])).toEqual([]);
  });

  it('windows are closed when dead, else named for adoption', SLOW, async () => {
    const [agent] = (await well<{ agents: Agent[] }>(world, shell('a'))).agents;
    const open = (argv: string[]) => [
      'new-window',
      '-d',
      '-P',
      '-F',
      '#{pane_id}',
      '-t',
      `${agent?.tmux.session}:`,
      ...argv,
    ];
    await world.tmux(['set-option', '-g', 'remain-on-exit', 'on']);
    const dead = (await world.tmux(open(['/bin/sh', '-c', 'exit 1']))).stdout.trim();
    const path = join(world.dir, 'elsewhere');
    await world.git(['worktree', 'add', '--quiet', '-b', 'elsewhere', path]);
    const alive = (await world.tmux(open(['-c', path, '/bin/sh', '-i']))).stdout.trim();
    for (const pane of [dead, alive]) await world.tmux(['set-option', '-p', '-t', pane, '@swarm_agent', 'foreign']);
    await waitFor(async () => {
      const seen = await world.tmux(['display-message', '-p', '-t', dead, '#{pane_dead}']);
      return seen.stdout === '1\n' ? true : null;
    }, 'its end');
    const { exit, items } = await repair(world);
    expect(exit).toBe(1);
    expect(items).toHaveLength(2);
    expect(items).toContainEqual(saying('window', 'closed', 'mended'));
    expect(items).toContainEqual(saying('window', `swarm adopt ${alive}`, 'left'));
    await well(world, ['adopt', alive, '--agent', 'shell']);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });

  it('ports, locks, links and undone branches are freed; loose permissions are closed', SLOW, async () => {
    await crash(world, shell('b'), 'spawn:worktree:effect');
    await repairWell(world);
    // As a git that outlived everything would leave it.
    const [undone] = rows<{ id: string }>(world, "select id from operations where outcome = 'undone'");
    const message = `branch: Created from main (swarm ${undone?.id})`;
    await world.git(['update-ref', '--create-reflog', '-m', message, 'refs/heads/b', 'main']);
    const home = world.env['SWARM_STATE_HOME'] ?? '';
    const at = new Date().toISOString();
    const userDb = await openUserDb(home);
    const lease = { port: 3999, name: 'PORT', agent_id: 'gone', session_id: 'x', session_dir: stateOf(world), at };
    await userDb.insertInto('ports').values(lease).execute();
    await userDb.destroy();
    const db = await openSessionDb(stateOf(world));
    // A process that has this number by now is another one.
    const lock = { name: 'plan', pid: process.pid, pid_start: '1', token: 'x', at };
    await db.insertInto('leases').values(lock).execute();
    await db.destroy();
    mkdirSync(join(stateOf(world), 'agents'), { recursive: true });
    symlinkSync('gone', join(stateOf(world), 'agents', 'former'));
    mkdirSync(join(stateOf(world), 'removed', 'long-ago'), { recursive: true });
    for (const folder of [stateOf(world), home]) chmodSync(folder, 0o755);
    chmodSync(join(stateOf(world), 'swarm.db'), 0o644);

    const items = await repairWell(world);
    expect(items).toContainEqual(saying('port 3999', 'freed', 'mended'));
    expect(items).toContainEqual(saying('former', 'removed', 'mended'));
    expect(items).toContainEqual(saying('branch b', 'deleted', 'mended'));
    expect(items).toContainEqual(saying(stateOf(world), '0700', 'mended'));
    expect(items).toContainEqual(saying(home, '0700', 'mended'));
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([mode(stateOf(world)), mode(join(stateOf(world), 'swarm.db')), mode(home)]).toEqual(['700', '600', '700']);
    await well(world, shell('a'));
    expect(mode(join(stateOf(world), 'bin', 'swarm'))).toBe('700');
    expect(await audit(world)).toEqual([]);
  });
});
