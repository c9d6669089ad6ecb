import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { agentEnvironment, launchArgv, writeLaunchFile } from '../agents/launch.ts';
import { programShim, type Session } from '../agents/session.ts';
import { isSupervised, SILENCE, supervisorLaunch, supervisorLock, supervisorOf } from '../agents/supervised.ts';
import { tmuxSession, WINDOW_LEASE } from '../agents/tmux-session.ts';
import { exit, UserError } from '../lib/errors.ts';
import { poll } from '../lib/poll.ts';
import { programRoot } from '../lib/program.ts';
import { shellWord } from '../lib/text.ts';
import { endProcesses } from '../process/end.ts';
import type { LockHolder } from '../process/file-lock.ts';
import { withLease } from '../store/leases.ts';
import { want } from './wanted.ts';
import { wantWorkers } from './workers.ts';

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

/**
 * What a supervisor is started with: the caller's environment; or that of the last one that a person started, else of the
 * tmux server, as a new window there has it, with swarm's own settings as the caller has them.
 */
export type Variables = 'caller' | 'kept';

/** Sees to it that the session has a supervisor, in a tmux window of its own. @throws UserError when it does not start. */
export function startSupervisor(session: Session, variables: Variables = 'caller'): Promise<Up> {
  return withLease(session.db, 'supervisor', START * 2, async () => {
    const running = await supervisorOf(session.repo);
    if (running !== null) {
      const alive = async () => ((await isSupervised(session.repo)) ? true : null);
      if (!(await poll(alive, { timeout: SILENCE, every: 50 }))) throw hangs(running);
      return { holder: running, started: false };
    }
    const file = supervisorLaunch(session.repo);
    const write = await launchWriter(session, file, variables);
    const former = await endFormer(session);
    write();
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
    // Only now: with its last window the tmux server would end.
    for (const pane of former) await session.tmux.killPane(pane);
    const holder = await poll(() => supervisorOf(session.repo), { timeout: START, every: 50 });
    if (holder === null) throw await notStarted(session);
    return { holder, started: true };
  });
}

/** What writes the file that the supervisor is started from, once the former supervisor can't remove it any more. */
async function launchWriter(session: Session, file: string, variables: Variables): Promise<() => void> {
  if (variables === 'kept' && existsSync(file)) {
    const kept = readFileSync(file);
    return () => writeFileSync(file, kept, { mode: 0o600 });
  }
  const base = variables === 'caller' ? session.env : await serverEnvironment(session);
  const env = agentEnvironment(base, session.socket === null ? {} : { SWARM_TMUX_SOCKET: session.socket });
  const argv = [programShim(session.repo), 'up', '--foreground', '-C', session.repo.root];
  return () => {
    rmSync(file, { force: true });
    writeLaunchFile(file, { argv, env });
  };
}

/** A new window's, with swarm's own settings as the caller has them: swarm hands none of those to a tmux server. */
async function serverEnvironment({ tmux, env }: Session): Promise<NodeJS.ProcessEnv> {
  const settings = Object.entries(env).filter(([name]) => name.startsWith('SWARM_'));
  return { ...(await tmux.variables()), ...Object.fromEntries(settings) };
}

/**
 * Ends the supervisor; the agents live on.
 * @throws UserError exit 3 when none runs, 4 when it runs on another machine, 1 when it does not end.
 */
export async function stopSupervisor(session: Session): Promise<LockHolder> {
  await want(session.db, false);
  await wantWorkers(session.db, false);
  const holder = await supervisorOf(session.repo);
  if (holder !== null && holder.host !== hostname()) throw elsewhere(session, holder);
  await session.tmux.retireService(markOf(session));
  const left = holder === null ? [] : await endProcesses([holder.pid], END);
  await closeWindow(session);
  rmSync(supervisorLaunch(session.repo), { force: true });
  if (left.length > 0) throw survives(left);
  if (holder !== null) return holder;
  throw new UserError({
    code: 'NOT_RUNNING',
    exit: exit.notFound,
    message: 'No supervisor runs for this repository.',
    hint: 'swarm up',
  });
}

/** What failed before is no news after this one has run well for a while. */
export function forgive(session: Session): Promise<void> {
  return session.tmux.forgiveService(markOf(session));
}

/**
 * The panes of supervisors that have died, once nothing runs in them: tmux may just have started one again, which would
 * take the lock from the new one, and the new one's launch file with it when it ends.
 */
async function endFormer(session: Session): Promise<string[]> {
  await session.tmux.retireService(markOf(session));
  const former = await session.tmux.findService(markOf(session));
  const left = await endProcesses(
    former.filter(({ dead }) => !dead).map(({ pid }) => pid),
    END,
  );
  if (left.length > 0) throw survives(left);
  return former.map(({ pane }) => pane);
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

function hangs({ pid, since, host }: LockHolder): UserError {
  return new UserError({
    code: 'SUPERVISOR_HANGS',
    exit: exit.failed,
    message: `A supervisor runs since ${since} (process ${pid} on ${host}), but shows no sign of life.`,
    hint: 'swarm down   (then: swarm up)',
    details: { pid, since, host },
  });
}

/** A number of another machine's process may be anybody's here. */
function elsewhere({ repo }: Session, { pid, since, host }: LockHolder): UserError {
  return new UserError({
    code: 'SUPERVISED_ELSEWHERE',
    exit: exit.refused,
    message: `The supervisor runs on ${host} (process ${pid}, since ${since}), and can be ended only there.`,
    hint: `If that machine is off for good, or is this one under a former name: rm -r ${shellWord(`${supervisorLock(repo)}.lock`)}`,
    details: { pid, since, host },
  });
}

function survives(pids: readonly number[]): UserError {
  return new UserError({
    code: 'STILL_RUNNING',
    exit: exit.failed,
    message: `The supervisor (process ${pids.join(', ')}) did not end, not even by SIGKILL; it probably waits for a disk or network.`,
    hint: `ps -o pid,stat,wchan,args -p ${pids.join(',')}`,
    details: { pids },
  });
}
