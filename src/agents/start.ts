import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programRoot } from '../lib/program.ts';
import { startOf } from '../process/identity.ts';
import type { Operation } from '../store/journal.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { requireSameScripts } from '../workspace/hooks.ts';
import { linkBoard } from './board-files.ts';
import { postBriefing, writeBriefing } from './briefing.ts';
import { agentCli } from './clis/index.ts';
import { mcpVariables } from './clis/mcp.ts';
import { requireProgram } from './clis/program.ts';
import type { AgentCli, StartOptions, StartPlan } from './clis/types.ts';
import { normalise } from './deliver/normalise.ts';
import { processEnvironment } from './environment.ts';
import { guardGit } from './git-guard.ts';
import { requireWorktree } from './ground.ts';
import { launchArgv, opening, writeLaunchFile } from './launch.ts';
import { type FurtherPanes, openPanes } from './panes.ts';
import { optionsOf, recordEvent, setStatus, updateAgent } from './records.ts';
import { agentFolder, programShim, type Session, spoolOf } from './session.ts';
import { openWindow } from './tmux-session.ts';
import { keepToken } from './token.ts';

export interface StartWish {
  readonly row: AgentRow;
  /** The first prompt; null for none. */
  readonly prompt: string | null;
  /** Bring this conversation back instead of starting a new one. */
  readonly conversation: string | null;
  /** What may run of the config: also its CLI's scripts, which in a worktree may be other ones. */
  readonly approved: ApprovedCommands;
  /** What opens beside it. */
  readonly panes: FurtherPanes;
  /** The operation whose step this is. */
  readonly operation: Operation;
}

/** What the journal knows of a start before its window opens; after a crash nobody else could tell. */
export interface NotedStart {
  readonly at: string;
  readonly conversation: string | null;
  /** The first prompt is among the process's arguments. */
  readonly promptTaken: boolean;
}

export interface Started {
  readonly row: AgentRow;
  readonly cli: AgentCli;
  /** The prompt is in the process's arguments; else it is still to be typed. */
  readonly promptTaken: boolean;
  /** What was changed in a prompt that went as an argument. */
  readonly promptChanges: readonly string[];
  /** False when a conversation was asked for and the CLI can't bring one back. */
  readonly resumed: boolean;
}

/** Opens the agent's window: writes its settings and launch file, makes the window and records where it is. */
export async function startAgent(session: Session, wish: StartWish): Promise<Started> {
  const { row } = wish;
  for (const key of ['command', 'args', 'resume']) {
    const scripts = `agents.${row.cli}.${key}`;
    requireSameScripts(wish.approved, scripts, requireWorktree(row), `swarm restart ${row.name} --yes`);
  }
  const folder = agentFolder(session.repo, row);
  const cli = agentCli(row.cli, session.config);
  const swarmBin = programShim(session.repo);
  const spool = spoolOf(session.repo, row);
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  const env = processEnvironment(session, row);
  const first = wish.prompt === null ? null : normalise(wish.prompt, cli, false);
  const plan = planStart(
    session,
    cli,
    { ...wish, prompt: first?.text ?? null },
    { program: requireProgram(cli, env, session.repo.root), folder, swarmBin, spool, env },
  );
  for (const { path, content } of plan.start.files ?? []) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode: 0o600 });
  }

  const now = new Date().toISOString();
  await keepToken(session, row, env.SWARM_TOKEN);
  const briefing = await writeBriefing(session, row);
  const guard = await guardGit(session, row, env);
  await linkBoard(session, row);
  const launchFile = join(folder, `launch-${Date.now()}-${process.pid}`);
  writeLaunchFile(launchFile, { argv: plan.start.argv, env: { ...env, ...guard, ...plan.start.env } });
  const conversation = plan.start.conversation ?? (plan.resumed ? row.conversation : null);
  const start: NotedStart = { at: now, conversation, promptTaken: plan.start.promptTaken };
  await wish.operation.note({ start });
  const window = await opening(launchFile, () => openWindow(session, row, launchArgv(programRoot(), launchFile)));
  const placed = await updateAgent(session.db, row.id, {
    tmux_window: window.window,
    tmux_pane: window.pane,
    pid: window.pid,
    pid_start: await startOf(window.pid),
    conversation,
    last_activity_at: now,
    options: JSON.stringify({ ...optionsOf(row), startedAt: now }),
  });
  await recordEvent(session.db, row.name, 'started', { argv: plan.start.argv.slice(0, 1), window: window.window });
  await postBriefing(session, placed, cli, briefing);
  await openPanes(session, placed, wish.panes);
  const started = await setStatus(session.db, placed, {
    status: 'starting',
    reason: 'its window is open',
    source: 'swarm',
  });
  return {
    row: started,
    cli,
    promptTaken: plan.start.promptTaken,
    promptChanges: first?.changes ?? [],
    resumed: plan.resumed,
  };
}

function planStart(
  session: Session,
  cli: AgentCli,
  wish: StartWish,
  at: { program: string | null; folder: string; swarmBin: string; spool: string; env: NodeJS.ProcessEnv },
): { start: StartPlan; resumed: boolean } {
  const options: StartOptions = {
    prompt: wish.prompt,
    model: wish.row.model,
    args: JSON.parse(wish.row.args),
    agentDir: at.folder,
    worktree: wish.row.worktree ?? session.repo.root,
    reportHook: join(programRoot(), 'hooks', 'report'),
    spool: at.spool,
    swarmBin: at.swarmBin,
    mcpVariables: mcpVariables(at.env),
    program: at.program,
    dialogsTrust: session.config.dialogs.trust,
    repoRoot: session.repo.root,
  };
  const back = wish.conversation === null ? null : cli.resume({ ...options, conversation: wish.conversation });
  return back === null ? { start: cli.start(options), resumed: false } : { start: back, resumed: true };
}
