import { join } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { programRoot } from '../lib/program.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { requireSameScripts } from '../workspace/hooks.ts';
import { isListening } from '../workspace/probe.ts';
import { ended, lastWords, noWindow, portTaken, runsAlready, silent } from './dev-refusals.ts';
import { hookEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
import { launchArgv, opening, writeLaunchFile } from './launch.ts';
import { withTurn } from './life/turn.ts';
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
  const pane = await withTurn(session, row, { ends: false }, (now) => openDev(session, now, approved));
  return awaitListening(session, row, pane, timeout);
}

async function openDev(session: Session, row: AgentRow, approved: ApprovedCommands): Promise<string> {
  const command = requireDevCommand(approved);
  requireSameScripts(approved, DEV_KEY, requireWorktree(row), `swarm dev ${row.name} --yes`);
  const panes = await session.tmux.listAgentPanes();
  const own = panes.find(({ agentId }) => agentId === row.id);
  if (own === undefined) throw noWindow(row);
  const running = panes.find(({ extraOf }) => extraOf === devMark(row.id));
  if (running !== undefined && !running.dead) throw runsAlready(row, running);
  if (running !== undefined) await session.tmux.killPane(running.pane);
  const port = mainPort(row);
  // Or its answer would be taken for the dev server's.
  if (port !== null && (await isListening(port))) throw portTaken(row, port);

  const file = join(agentFolder(session.repo, row), `launch-dev-${Date.now()}-${process.pid}`);
  writeLaunchFile(file, { argv: ['/bin/sh', '-c', command], env: hookEnvironment(session, row) });
  const wish = { pane: own.pane, cwd: requireWorktree(row), agentId: devMark(row.id), remain: 'on' } as const;
  const { pane } = await opening(file, () =>
    session.tmux.splitPane({ ...wish, argv: launchArgv(programRoot(), file) }),
  );
  await recordEvent(session.db, row.name, 'dev-started', { command, pane });
  return pane;
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
      const listening = await isListening(port);
      const facts = (await session.tmux.snapshot([pane])).get(pane);
      if (facts === undefined || facts.dead) return 'ended';
      return listening ? 'listening' : null;
    },
    { timeout, every: 100 },
  );
  if (outcome === 'listening') return { ...server, listening: true };
  const words = lastWords(await session.tmux.capture(pane).catch(() => ''));
  throw outcome === 'ended' ? ended(row, server, words) : silent(row, server, words, timeout);
}

function mainPort(row: AgentRow): number | null {
  const ports = portsOf(row);
  return ports['PORT'] ?? Object.values(ports)[0] ?? null;
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
