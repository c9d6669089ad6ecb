import type { Session } from '../agents/session.ts';
import type { AgentStatus } from '../agents/types.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { oneLine } from '../lib/text.ts';
import { run } from '../process/run.ts';
import { writeToTerminal } from '../process/terminal.ts';
import type { Transition } from './transitions.ts';

/** What a person wants to hear of: somebody needs them, or something came to its end. */
const NEWS: Readonly<Partial<Record<AgentStatus, string>>> = {
  waiting: 'needs you',
  idle: 'has finished its turn',
  done: 'is done',
  failed: 'has failed',
  stuck: 'is stuck',
};

/** Milliseconds in which the same agent is not announced again with the same news. */
const DEBOUNCE = 10_000;
/** Milliseconds that the desktop gets to take a notification. */
const PATIENCE = 5000;
const BELL = '\u0007';

/** Tells the person at the terminal, by bell and on the desktop, as `notify:` in swarm.yaml has it. */
export class Notifier {
  readonly #told = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();

  /** A change of status, where it is news. `places`: the tmux sessions of the agents' windows. */
  tell(session: Session, { agent, from, to, reason }: Transition, places: readonly string[]): void {
    const news = NEWS[to];
    // Becoming idle is an end only of what has worked.
    const ends = to !== 'idle' || from === 'working' || from === 'waiting';
    if (news === undefined || !ends) return;
    const why = to === 'idle' || reason === null ? '' : `: ${reason}`;
    this.announce(session, `${agent} ${to}`, `${agent} ${news}${why}`, places);
  }

  /** Anything else that a person wants to hear of. `about`: the same is not told twice in a while. */
  announce(session: Session, about: string, words: string, places: readonly string[]): void {
    const { bell, desktop } = session.config.notify;
    if (!bell && !desktop) return;
    const now = performance.now();
    if (now - (this.#told.get(about) ?? Number.NEGATIVE_INFINITY) < DEBOUNCE) return;
    this.#told.set(about, now);
    const sent = send(session, oneLine(words, 200), places, { bell, desktop }).catch((error: unknown) =>
      log('warn', `a notification failed: ${messageOf(error)}`),
    );
    this.#sending.add(sent);
    void sent.then(() => this.#sending.delete(sent));
  }

  async settle(): Promise<void> {
    await Promise.all(this.#sending);
  }
}

async function send(
  session: Session,
  text: string,
  places: readonly string[],
  how: Session['config']['notify'],
): Promise<void> {
  const shown = how.desktop && (await onDesktop(text, session.env));
  // tmux swallows a pane's own notifications: they go to the terminals in front of which somebody may sit.
  const announcement = how.desktop && !shown ? `\u001b]777;notify;swarm;${text.replaceAll(';', ',')}${BELL}` : '';
  const bytes = `${announcement}${how.bell ? BELL : ''}`;
  if (bytes === '') return;
  for (const tty of await session.tmux.terminals(session.id, places)) writeToTerminal(tty, bytes);
}

/** Whether the desktop's own program took it. */
async function onDesktop(text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const mac = process.platform === 'darwin';
  // As an argument of the script, never inside its text.
  const script = 'on run argv\ndisplay notification (item 1 of argv) with title "swarm"\nend run';
  const argv = mac ? ['osascript', '-e', script, text] : ['notify-send', '--app-name=swarm', '--', 'swarm', text];
  const { exitCode } = await run(argv, { env, timeout: PATIENCE });
  return exitCode === 0;
}
