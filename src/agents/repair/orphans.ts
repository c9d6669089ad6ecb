import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listWorktrees } from '../../git/worktrees.ts';
import { errnoOf } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import { worktreesDir } from '../../workspace/place.ts';
import { freeStalePorts, listPorts } from '../../workspace/port-leases.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import type { RepairItem } from './report.ts';

/** Milliseconds after which a launch file that nobody read belongs to a start that died. */
const LAUNCH_LIFE = 60_000;

/** Windows, ports, launch files and worktrees that belong to no agent. What may be somebody's work is only named. */
export async function repairOrphans(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const agents = await allAgents(session.db);
  const found = await Promise.all([
    orphanWindows(session, agents, dryRun),
    orphanPorts(session, dryRun),
    orphanWorktrees(session, agents),
    orphanLaunchFiles(session, dryRun),
  ]);
  return found.flat();
}

/** Windows in this session's tmux session whose agent is gone: closed when dead, else named. */
async function orphanWindows(session: Session, agents: readonly AgentRow[], dryRun: boolean): Promise<RepairItem[]> {
  const own = await session.tmux.findSession(session.id);
  const known = new Set(agents.map(({ id }) => id));
  const panes = own === null ? [] : await session.tmux.listAgentPanes();
  const orphans = panes.filter(
    (pane) => pane.session === own?.session && pane.agentId !== '' && !known.has(pane.agentId),
  );
  return Promise.all(
    orphans.map(async (pane): Promise<RepairItem> => {
      const what = `window ${pane.window} (${pane.windowName})`;
      if (!pane.dead) return { what, state: 'left', how: `runs without an agent: swarm adopt ${pane.pane}` };
      if (dryRun) return { what, state: 'left', how: 'its program ended, and its agent is gone' };
      await session.tmux.killWindow(pane.window);
      return { what, state: 'mended', how: 'its program had ended: closed' };
    }),
  );
}

/** Leases of agents that no longer exist, in any repository of this user. */
async function orphanPorts(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const userDb = await session.userDb();
  if (dryRun) {
    const stale = (await listPorts(userDb)).filter(({ agent }) => agent === null);
    return stale.map(({ port }) => ({ what: `port ${port}`, state: 'left', how: 'its agent is gone' }));
  }
  const freed = await freeStalePorts(userDb);
  return freed.map((port) => ({ what: `port ${port}`, state: 'mended', how: 'its agent is gone: freed' }));
}

/** Worktrees in the folder for agents that no agent has. They may hold work: only named. */
async function orphanWorktrees(session: Session, agents: readonly AgentRow[]): Promise<RepairItem[]> {
  const dir = await worktreesDir(session.repo, session.config.worktrees.dir);
  const known = new Set(agents.flatMap(({ worktree }) => worktree ?? []));
  return (await listWorktrees(session.repo))
    .filter(({ path }) => path.startsWith(`${dir}/`) && !known.has(path))
    .map(({ path, prunable }) => ({
      what: `worktree ${path}`,
      state: 'left',
      how: prunable ? 'its folder is gone: git worktree prune' : `belongs to no agent: swarm adopt ${path}`,
    }));
}

/** Launch files hold an environment; the one who reads them removes them. */
async function orphanLaunchFiles(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const folder = join(session.repo.stateDir, 'agents');
  const files = entries(folder)
    .flatMap((agent) => entries(join(folder, agent)).map((file) => join(folder, agent, file)))
    .filter((file) => /\/launch-[^/]*$/.test(file) && Date.now() - statSync(file).mtimeMs > LAUNCH_LIFE);
  if (!dryRun) for (const file of files) rmSync(file, { force: true });
  return files.map((file) => ({
    what: `launch file ${file}`,
    state: dryRun ? 'left' : 'mended',
    how: 'nobody read it',
  }));
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
