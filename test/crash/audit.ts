import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { environmentNames, processesWithEnv } from '../../src/process/identity.ts';
import { peekRows } from '../../src/store/peek-rows.ts';
import type { World } from '../support/world.ts';
import { rows, stateOf } from './support.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly branch: string;
  readonly worktree: string;
}

/**
 * Everything of swarm's that no agent owns, looked for without swarm: in git, tmux, the file system, the databases and
 * among the processes. `ours`: branches that the test made itself.
 */
export async function audit(world: World, ours: readonly string[] = []): Promise<string[]> {
  const agents = rows<Row>(world, 'select id, name, branch, worktree from agents');
  const removed = rows<{ id: string; path: string | null }>(world, 'select id, path from removed');
  const parts = await Promise.all([
    inGit(world, agents, removed, ours),
    inTmux(world, agents),
    onDisk(world, agents, removed),
    inDatabases(world, agents),
    running(world),
  ]);
  return parts.flat();
}

async function inGit(
  world: World,
  agents: readonly Row[],
  removed: readonly { id: string }[],
  ours: readonly string[],
): Promise<string[]> {
  const list = (await world.git(['worktree', 'list', '--porcelain'])).split('\n\n').filter((text) => text !== '');
  const worktrees = list.slice(1).map((text) => /^worktree (.*)$/m.exec(text)?.[1] ?? '');
  const owned = [
    ...agents.map(({ worktree }) => worktree),
    ...removed.map(({ id }) => join(stateOf(world), 'trash', id)),
  ];
  const branches = (await world.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads/'])).trim().split('\n');
  const refs = (await world.git(['for-each-ref', '--format=%(refname)', 'refs/swarm/'])).split('\n').filter(Boolean);
  const admin = join(world.repo, '.git', 'worktrees');
  const halfMade = entries(admin).flatMap((name) => {
    const files = entries(join(admin, name));
    const lock = files.includes('locked') ? readFileSync(join(admin, name, 'locked'), 'utf8') : '';
    return [
      ...(lock.startsWith('swarm: initializing') ? [`half-made worktree: ${name}`] : []),
      ...files.filter((file) => file.endsWith('.lock')).map((file) => `lock of git: ${name}/${file}`),
    ];
  });
  return [
    ...worktrees.filter((path) => !owned.includes(path)).map((path) => `worktree of nobody: ${path}`),
    ...agents.filter(({ worktree }) => !worktrees.includes(worktree)).map(({ name }) => `${name} without worktree`),
    ...branches
      .filter((name) => !['main', ...ours, ...agents.map(({ branch }) => branch)].includes(name))
      .map((name) => `branch of nobody: ${name}`),
    ...agents.filter(({ branch }) => !branches.includes(branch)).map(({ name }) => `${name} without branch`),
    ...refs.filter((ref) => !removed.some(({ id }) => ref.includes(id))).map((ref) => `ref of nobody: ${ref}`),
    ...halfMade,
    ...entries(join(world.repo, '.git')).filter((file) => file.endsWith('.lock')),
  ];
}

async function inTmux(world: World, agents: readonly Row[]): Promise<string[]> {
  const { stdout } = await world.tmux(['list-panes', '-a', '-F', '#{window_id} #{@swarm_agent}#{@swarm_extra}']);
  const marks = stdout.split('\n').flatMap((line) => line.split(' ')[1] || []);
  return [
    ...marks.filter((mark) => !agents.some(({ id }) => mark.startsWith(id))).map((mark) => `window of nobody: ${mark}`),
    ...marks.filter((mark, index) => marks.indexOf(mark) < index).map((mark) => `two windows of one agent: ${mark}`),
  ];
}

function onDisk(
  world: World,
  agents: readonly Row[],
  removed: readonly { id: string; path: string | null }[],
): string[] {
  const state = stateOf(world);
  const parent = join(dirname(world.repo), 'app.worktrees');
  const names = agents.map(({ name }) => name);
  const folders = entries(join(state, 'agents'));
  const trash = removed.flatMap(({ id, path }) => (path === null ? [] : [id, `${id}.json`]));
  return [
    ...folders
      // A renamed agent's process goes on reporting under the name that it knows.
      .filter((name) => !names.includes(name) && !names.includes(basename(realOf(join(state, 'agents', name)))))
      .map((name) => `folder of nobody: agents/${name}`),
    ...folders
      .flatMap((name) => entries(join(state, 'agents', name)))
      .filter((file) => file.startsWith('launch-'))
      .map((file) => `launch file: ${file}`),
    ...entries(join(state, 'removed'))
      .filter((id) => !removed.some((one) => one.id === id))
      .map((id) => `folder of nobody: removed/${id}`),
    ...entries(join(state, 'trash'))
      .filter((file) => !trash.includes(file))
      .map((file) => `in the trash: ${file}`),
    ...entries(parent)
      .filter((name) => !agents.some(({ worktree }) => worktree === join(parent, name)))
      .map((name) => `worktree's folder of nobody: ${name}`),
    ...(existsSync(parent) && entries(parent).length === 0 ? ['the empty folder of the worktrees'] : []),
  ];
}

function inDatabases(world: World, agents: readonly Row[]): string[] {
  const ports = peekRows<{ port: number; agent: string; name: string }>(
    world.env['SWARM_STATE_HOME'] ?? '',
    'user.db',
    'select port, name, agent_id as agent from ports',
  );
  const recorded = rows<{ name: string; ports: string }>(world, 'select name, ports from agents').flatMap((row) =>
    Object.entries(JSON.parse(row.ports) as Record<string, number>).map(
      ([name, port]) => `${row.name} ${name} ${port}`,
    ),
  );
  const leased = ports.map((row) => `${agents.find(({ id }) => id === row.agent)?.name} ${row.name} ${row.port}`);
  return [
    ...leased.filter((port) => !recorded.includes(port)).map((port) => `port of nobody: ${port}`),
    ...recorded.filter((port) => !leased.includes(port)).map((port) => `port without a lease: ${port}`),
    ...rows<{ name: string }>(world, 'select name from leases').map(({ name }) => `lock of nobody: ${name}`),
    ...rows<{ kind: string }>(world, 'select kind from operations where finished_at is null').map(
      ({ kind }) => `open operation: ${kind}`,
    ),
    ...rows<{ state: string }>(world, "select state from deliveries where state in ('pasting', 'submitted')").map(
      ({ state }) => `open delivery: ${state}`,
    ),
    ...rows<{ integrity_check: string }>(world, 'pragma integrity_check')
      .map((row) => row.integrity_check)
      .filter((text) => text !== 'ok'),
  ];
}

/** What an operation started carries its id. */
async function running(world: World): Promise<string[]> {
  const pids = await processesWithEnv('SWARM_STATE_HOME', world.env['SWARM_STATE_HOME'] ?? '');
  const names = await Promise.all(pids.map((pid) => environmentNames(pid)));
  return pids.filter((_, index) => names[index]?.has('SWARM_OP')).map((pid) => `still runs: ${pid}`);
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function realOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : '';
}
