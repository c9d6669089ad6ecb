import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connected } from '../agents/connection.ts';
import { Memory } from '../agents/memory.ts';
import { observe } from '../agents/observe.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { BEAT, beat } from '../agents/supervised.ts';
import { BOARD_BELL, listen } from '../board/bell.ts';
import { boardOf } from '../board/context.ts';
import { messageOf } from '../lib/errors.ts';
import { Approvals } from './approvals.ts';
import { Assignment } from './assignment.ts';
import { Backups } from './backups.ts';
import { Collisions } from './collisions.ts';
import { GitFactsJob } from './git-facts.ts';
import { Heartbeats } from './heartbeats.ts';
import { Jobs } from './jobs.ts';
import { Kept } from './kept.ts';
import { Mail } from './mail.ts';
import { MergeQueue } from './merge-queue.ts';
import { MirrorJob } from './mirror.ts';
import { Notifier } from './notify.ts';
import { PersonMail } from './person-mail.ts';
import { Places } from './places.ts';
import { Queue } from './queue.ts';
import { Restarts } from './restarts.ts';
import { RestoredNews } from './restored.ts';
import { Scaling } from './scaling.ts';
import { Settings } from './settings.ts';
import { StatusLine } from './status-line.ts';
import { Tidying } from './tidying.ts';
import { ToolCalls } from './tool-calls.ts';
import { Transitions } from './transitions.ts';
import { forgive } from './window.ts';

/** Milliseconds after which earlier failures of the supervisor don't count any more. */
const PROVEN = 60_000;
/**
 * Milliseconds between two looks at the team: what happens is known within a second, the agent's own time to show it
 * included. Something new on the board brings the next one forward, though never nearer than LEAST.
 */
const PACE = 400;
const LEAST = 150;

/**
 * Keeps the team's statuses and facts as they are, and does what follows from them, until the signal comes. Each look is
 * one round trip to tmux; whatever fails is told once and tried again at the next.
 */
export async function supervise(opened: Session, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  while (!signal.aborted) await watch(opened, signal, tell);
}

/** The same until the database is another one: what is remembered of the last may never have happened in this. */
async function watch(opened: Session, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  const database = () => statSync(join(opened.repo.stateDir, 'swarm.db'), { throwIfNoEntry: false })?.ino;
  const same = database();
  const connection = connected(opened);
  const settings = new Settings(connection.session);
  const kept = await Kept.open(opened.db);
  const notifier = new Notifier();
  const jobs = new Jobs([
    new Places(kept),
    new GitFactsJob(kept),
    await Collisions.open(opened, kept, notifier, tell),
    await Queue.open(opened.db, tell),
    new Approvals(tell),
    new Mail(tell),
    await PersonMail.open(opened.db, notifier),
    new StatusLine(),
    new Backups(tell),
    new RestoredNews(notifier),
    new Tidying(tell),
    await Transitions.open(opened.db, notifier, tell),
    new Restarts(notifier, tell),
    new MergeQueue(notifier, tell, signal),
    new Heartbeats(tell),
    new Assignment(notifier, tell),
    new Scaling(tell),
    new ToolCalls(tell),
    new MirrorJob(tell),
  ]);
  const memory = new Memory();
  const bell = listen(boardOf(opened), BOARD_BELL, signal);
  await recordEvent(opened.db, null, 'supervisor-started', { pid: process.pid });
  let beaten = Number.NEGATIVE_INFINITY;
  let trouble = '';
  const proven = setTimeout(() => void forgive(opened).catch(() => {}), PROVEN);
  try {
    while (!signal.aborted && database() === same) {
      try {
        const session = await settings.current();
        jobs.start(session, await observe(session, undefined, memory));
        if (performance.now() - beaten >= BEAT) {
          beat(opened.repo);
          beaten = performance.now();
        }
        trouble = '';
      } catch (error) {
        const message = messageOf(error);
        if (message !== trouble) tell(`a look at the team failed: ${message}`);
        trouble = message;
      }
      await delay(LEAST, undefined, { signal }).catch(() => {});
      await bell.heard(PACE - LEAST);
    }
    await jobs.settle();
    await notifier.settle();
  } finally {
    clearTimeout(proven);
    bell.close();
    await recordEvent(opened.db, null, 'supervisor-ended', { pid: process.pid });
    await connection.close();
  }
}
