import { join } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { programRoot } from '../lib/program.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { requireSameScripts } from '../workspace/hooks.ts';
import { isListening } from '../workspace/probe.ts';
import { hookEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
import { launchArgv, opening, writeLaunchFile } from './launch.ts';
import { closePanes, devMark } from './panes.ts';
import { portsOf, recordEvent } from './records.ts';
import { agentFolder, type Session } from './session.ts';

/** Key of the config. */
const DEV_KEY = 'dev.command';

export interface DevServer {
  readonly agent: string;
  readonly port: number | null;
  readonly url: string | null;
  /** Something answers on the port. */
  readonly listening: boolean;
  readonly pane: string | null;
}

/** Starts the agent's dev server in a second pane of its window, with its ports, and waits until it listens. */
export async function startDev(
  session: Session,
  row: AgentRow,
  approved: ApprovedCommands,
  timeout: number,
): Promise<DevServer> {
  const command = requireDevCommand(approved);
  requireSameScripts(approved, DEV_KEY, requireWorktree(row));
  const panes = await session.tmux.listAgentPanes();
  const own = panes.find(({ agentId }) => agentId === row.id);
  if (own === undefined) throw noWindow(row);
  const running = panes.find(({ extraOf }) => extraOf === devMark(row.id));
  if (running !== undefined && !running.dead) throw runsAlready(row, running);
  if (running !== undefined) await session.tmux.killPane(running.pane);

  const file = join(agentFolder(session.repo, row), `launch-dev-${Date.now()}-${process.pid}`);
  writeLaunchFile(file, { argv: ['/bin/sh', '-c', command], env: hookEnvironment(session, row) });
  const wish = { pane: own.pane, cwd: requireWorktree(row), agentId: devMark(row.id), remain: 'on' } as const;
  const { pane } = await opening(file, () =>
    session.tmux.splitPane({ ...wish, argv: launchArgv(programRoot(), file) }),
  );
  await recordEvent(session.db, row.name, 'dev-started', { command, pane });
  return awaitListening(session, row, pane, timeout);
}

/** Ends the dev server with everything it started, and closes its pane. */
export async function stopDev(session: Session, row: AgentRow): Promise<DevServer> {
  const pane = (await session.tmux.listAgentPanes()).find(({ extraOf }) => extraOf === devMark(row.id));
  if (pane === undefined) {
    throw new UserError({
      code: 'NO_DEV_SERVER',
      exit: exit.notFound,
      message: `${row.name} has no dev server running.`,
      hint: `swarm dev ${row.name}`,
    });
  }
  await closePanes(session, [pane]);
  await recordEvent(session.db, row.name, 'dev-stopped');
  return { agent: row.name, port: mainPort(row), url: null, listening: false, pane: null };
}

async function awaitListening(session: Session, row: AgentRow, pane: string, timeout: number): Promise<DevServer> {
  const port = mainPort(row);
  const server = { agent: row.name, port, url: port === null ? null : `http://localhost:${port}`, pane };
  if (port === null) return { ...server, listening: false };
  const outcome = await poll(
    async () => {
      if (await isListening(port)) return 'listening';
      const facts = (await session.tmux.snapshot([pane])).get(pane);
      return facts === undefined || facts.dead ? 'dead' : null;
    },
    { timeout, every: 100 },
  );
  if (outcome === 'listening') return { ...server, listening: true };
  const what = outcome === 'dead' ? 'ended' : `does not listen on port ${port} after ${Math.round(timeout / 1000)} s`;
  throw new UserError({
    code: outcome === 'dead' ? 'DEV_SERVER_DIED' : 'DEV_SERVER_SILENT',
    exit: outcome === 'dead' ? exit.failed : exit.undelivered,
    message: `The dev server of ${row.name} ${what}. Does dev.command use $PORT? Its pane is still there.`,
    hint: `swarm attach ${row.name}`,
    details: { ...server },
  });
}

function mainPort(row: AgentRow): number | null {
  const ports = portsOf(row);
  return ports['PORT'] ?? Object.values(ports)[0] ?? null;
}

function noWindow(row: AgentRow): UserError {
  return new UserError({
    code: 'NO_WINDOW',
    exit: exit.notFound,
    message: `${row.name} has no window to put a dev server beside: it is ${row.status}.`,
    hint: `swarm ${row.status === 'paused' ? 'resume' : 'restart'} ${row.name}`,
  });
}

function runsAlready(row: AgentRow, pane: PaneFacts): UserError {
  return new UserError({
    code: 'DEV_SERVER_RUNS',
    exit: exit.refused,
    message: `The dev server of ${row.name} runs already, in pane ${pane.pane}.`,
    hint: `swarm dev ${row.name} --stop`,
  });
}

/** The approved `dev.command`. @throws UserError exit 2 when the config names none. */
function requireDevCommand(approved: ApprovedCommands): string {
  const [command] = approved.lines(DEV_KEY);
  if (command !== undefined) return command;
  throw new UserError({
    code: 'NO_DEV_COMMAND',
    exit: exit.usage,
    message: 'No dev server is configured. Expected dev.command in swarm.yaml, say: dev: { command: npm run dev }',
    hint: 'swarm init',
  });
}
