import { rmSync } from 'node:fs';
import { agentEnvironment, launchArgv, writeLaunchFile } from '../agents/launch.ts';
import { programShim, type Session } from '../agents/session.ts';
import { supervisorLaunch, supervisorOf } from '../agents/supervised.ts';
import { tmuxSession, WINDOW_LEASE } from '../agents/tmux-session.ts';
import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { programRoot } from '../lib/program.ts';
import { endProcesses } from '../process/end.ts';
import type { LockHolder } from '../process/file-lock.ts';
import { withLease } from '../store/leases.ts';

/** Name of the supervisor's window (design: section 6). */
const NAME = 'supervisor';
/** Times that tmux starts a failing supervisor again: enough for what passes, too few for a loop. */
const RESPAWNS = 5;
/** Milliseconds that a supervisor gets to take its lock, and to put its things in order when it is ended. */
const START = 15_000;
const END = 15_000;

const markOf = ({ id }: Session) => `supervisor-${id}`;

export interface Up {
  readonly holder: LockHolder;
  /** False: it was running already. */
  readonly started: boolean;
}

/** Sees to it that the session has a supervisor, in a tmux window of its own. @throws UserError when it does not start. */
export function startSupervisor(session: Session): Promise<Up> {
  return withLease(session.db, 'supervisor', START * 2, async () => {
    const running = await supervisorOf(session.repo);
    if (running !== null) return { holder: running, started: false };
    await closeWindow(session);
    const file = supervisorLaunch(session.repo);
    rmSync(file, { force: true });
    const env = agentEnvironment(session.env, {});
    const argv = [programShim(session.repo), 'up', '--foreground', '-C', session.repo.root];
    writeLaunchFile(file, { argv, env });
    await withLease(session.db, 'window', WINDOW_LEASE, async () =>
      session.tmux.openService({
        session: await tmuxSession(session),
        name: NAME,
        cwd: session.repo.root,
        argv: launchArgv(programRoot(), file, true),
        mark: markOf(session),
        respawns: RESPAWNS,
      }),
    );
    const holder = await poll(() => supervisorOf(session.repo), { timeout: START, every: 50 });
    if (holder === null) throw await notStarted(session);
    return { holder, started: true };
  });
}

/** Ends the supervisor; the agents live on. @throws UserError exit 3 when none runs. */
export async function stopSupervisor(session: Session): Promise<LockHolder> {
  const holder = await supervisorOf(session.repo);
  if (holder === null) {
    await closeWindow(session);
    rmSync(supervisorLaunch(session.repo), { force: true });
    throw new UserError({
      code: 'NOT_RUNNING',
      exit: exit.notFound,
      message: 'No supervisor runs for this repository.',
      hint: 'swarm up',
    });
  }
  await endProcesses([holder.pid], END);
  await closeWindow(session);
  rmSync(supervisorLaunch(session.repo), { force: true });
  return holder;
}

/** What failed before is no news after this one has run well for a while. */
export function forgive(session: Session): Promise<void> {
  return session.tmux.forgiveService(markOf(session));
}

async function closeWindow(session: Session): Promise<void> {
  for (const { pane } of await session.tmux.findService(markOf(session))) await session.tmux.killPane(pane);
}

async function notStarted(session: Session): Promise<UserError> {
  const [found] = await session.tmux.findService(markOf(session));
  const words = found === undefined ? '' : await session.tmux.capture(found.pane).catch(() => '');
  const last = words.trim().split('\n').slice(-5).join('\n');
  return new UserError({
    code: 'NOT_STARTED',
    exit: exit.failed,
    message: `The supervisor did not start${last === '' ? '.' : `; its last words:\n${last}`}`,
    hint: 'swarm up --foreground',
    details: { words },
  });
}
