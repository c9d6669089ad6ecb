import { branchHolder, localBranch } from '../../git/branches.ts';
import { createdBranch } from '../../git/claims.ts';
import { listWorktrees } from '../../git/worktrees.ts';
import { shellWord } from '../../lib/text.ts';
import { interruptedOperations, undoneOperations } from '../../store/recorded.ts';
import { isInside, worktreesDir } from '../../workspace/place.ts';
import { undoWorktree, type WorktreePlan } from '../../workspace/worktree.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { gitLock } from '../spawn/ground.ts';
import type { Busy } from './busy.ts';
import type { Finding } from './finding.ts';
import { recordWindow } from './starts.ts';

/** Windows of this session whose agent is gone, and of agents who don't know of them. */
export async function strayWindows(session: Session, busy: Busy): Promise<Finding[]> {
  const own = await session.tmux.findSession(session.id);
  const panes = own === null ? [] : await session.tmux.listAgentPanes();
  const agents = new Map((await allAgents(session.db)).map((row) => [row.id, row]));
  return panes
    .filter(({ agentId }) => agentId !== '' && !busy.agents.has(agentId))
    .flatMap((pane): Finding[] => {
      const row = agents.get(pane.agentId);
      const what = `window ${pane.window} (${pane.windowName})`;
      if (row !== undefined) {
        if (pane.dead || row.pid === pane.pid) return [];
        const found = `${row.name} runs in it, and does not know of it`;
        return [
          { what, found, mend: async () => `${(await recordWindow(session, row.id, pane)).name} runs in it: recorded` },
        ];
      }
      if (pane.session !== own?.session) return [];
      if (!pane.dead) return [{ what, found: `runs without an agent: swarm adopt ${pane.pane}`, mend: null }];
      const close = async () => {
        await session.tmux.killWindow(pane.window);
        return 'its program had ended, its agent is gone: closed';
      };
      return [{ what, found: 'its program has ended, and its agent is gone', mend: close }];
    });
}

/** Worktrees in the folder for agents that no agent has, and agents whose worktree is gone. They may hold work: only named. */
export async function strayWorktrees(session: Session, busy: Busy): Promise<Finding[]> {
  const dir = await worktreesDir(session.repo, session.config.worktrees.dir);
  const entries = await listWorktrees(session.repo);
  const agents = await allAgents(session.db);
  // A merge that was interrupted takes its own away: it is nobody's to adopt.
  const scratches = (await interruptedOperations(session.db)).flatMap(({ data }) => (data['scratch'] as string) ?? []);
  const known = new Set([...agents.flatMap(({ worktree }) => worktree ?? []), ...scratches]);
  const strays = entries.filter(
    ({ path, locked }) =>
      path !== dir &&
      isInside(dir, path) &&
      !known.has(path) &&
      !busy.worktrees.has(path) &&
      // Set aside beside the others, where that is another disk.
      !locked?.startsWith('swarm: removed '),
  );
  const gone = entries.flatMap(({ path, prunable }) =>
    prunable ? agents.filter(({ worktree }) => worktree === path) : [],
  );
  return [
    ...strays.map(({ path, prunable, locked }) => {
      const unlock = locked === null ? '' : `git worktree unlock ${shellWord(path)}; `;
      const found = prunable
        ? `its folder is gone: ${unlock}git worktree remove ${shellWord(path)}`
        : `belongs to no agent: swarm adopt ${shellWord(path)}`;
      return { what: `worktree ${path}`, found, mend: null };
    }),
    ...gone
      .filter(({ id }) => !busy.agents.has(id))
      .map(({ name, worktree }) => ({
        what: `worktree ${worktree}`,
        found: `${name}'s folder is gone: swarm rm ${name}, then swarm restore ${name} checks its branch out again`,
        mend: null,
      })),
  ];
}

/** Branches that an undone spawn made and that hold nothing. One with work was named when the spawn was undone. */
export async function strayBranches(session: Session): Promise<Finding[]> {
  const { repo, db } = session;
  const findings: Finding[] = [];
  for (const { id, data } of await undoneOperations(db, 'spawn')) {
    const plan = data['plan'] as WorktreePlan | undefined;
    if (!plan?.createsBranch || (await localBranch(repo, plan.branch)) !== plan.start) continue;
    const ours = (await createdBranch(repo, plan.branch, id)) && (await branchHolder(repo, plan.branch)) === null;
    if (!ours || (await allAgents(db)).some(({ branch }) => branch === plan.branch)) continue;
    const mend = async () => {
      await undoWorktree(repo, plan, { operation: id, lock: gitLock(session) });
      return 'made by a spawn that was undone, without a commit: deleted';
    };
    findings.push({ what: `branch ${plan.branch}`, found: 'made by a spawn that was undone, without a commit', mend });
  }
  return findings;
}
