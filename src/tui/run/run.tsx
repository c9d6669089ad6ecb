import { setTimeout as delay } from 'node:timers/promises';
import { render, type SuspendTerminal } from 'ink';
import { agentCliNames } from '../../agents/clis/index.ts';
import { openLive } from '../../agents/live.ts';
import type { Session } from '../../agents/session.ts';
import { currentBranch } from '../../git/branches.ts';
import { BugError, exit } from '../../lib/errors.ts';
import { runForeground } from '../../process/foreground.ts';
import { onInterrupt } from '../../process/interrupt.ts';
import type { Input } from '../input/decode.ts';
import { keymapOf } from '../keys.ts';
import type { Effect, Event } from '../protocol.ts';
import { startModel } from '../state.ts';
import { App } from '../ui/app.tsx';
import { showDiagnostics } from './diagnostics.ts';
import { finishJobs } from './finish.ts';
import { nameOwnPane } from './popup.ts';
import type { Stage } from './stage.ts';
import { Store } from './store.ts';
import type { Typist } from './talk.ts';
import { terminal } from './terminal.ts';
import { Watch } from './watch.ts';

/** Milliseconds between two looks at the branch of the person's own checkout. */
const BRANCH = 10_000;
/** Milliseconds that the first frame waits for the team. */
const FIRST = 150;
/** Milliseconds that it gets to be drawn before anything else is loaded. */
const BEHIND = 50;

type Perform = (stage: Stage, effect: Effect) => Promise<void>;

const sizeNow = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });

/**
 * Shows the live overview until the person leaves it; what was under way then is waited for, and `tell` says so. Answers
 * the exit code; the agents live on.
 */
export async function runTui(
  session: Session,
  options: { readonly popup: boolean; readonly tell: (line: string) => void },
): Promise<number> {
  const keymap = keymapOf(session.config.keys);
  const { agent } = session.config;
  const clis = [...new Set([agent, ...agentCliNames(session.config)])];
  const setting = { repository: session.repo.name, popup: options.popup, clis, keymap };
  if (options.popup) await nameOwnPane(session);
  const live = openLive(session);
  const begun = new Set<Promise<void>>();
  let typist: Typist | null = null;
  const store = new Store(startModel(setting, sizeNow(), Date.now()), (effect) => {
    const work = acting()
      .then((perform) => perform(stage, effect))
      .finally(() => begun.delete(work));
    begun.add(work);
  });
  // What the keys do comes behind the first frame: it is most of the program.
  let loaded: Promise<Perform> | null = null;
  const acting = () => {
    loaded ??= import('./act.ts').then(({ Typist, perform }) => {
      typist = new Typist(stage);
      return perform;
    });
    return loaded;
  };
  const watch = new Watch(live, store);
  let over = false;
  const screen = terminal((input) => {
    // What is typed behind a `q` is for whatever comes next, and nothing that this view does.
    if (over) return;
    store.dispatch(eventOf(input));
    if (watch.moved()) watch.hurry(false);
  });
  const restore = () => screen.restore();
  process.on('exit', restore);
  // A terminal that goes away answers what is written to it with an error, and a signal comes as well.
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  const finish = (code: number) => {
    over = true;
    resolve(code);
  };
  const fail = (error: unknown) => {
    over = true;
    reject(error);
  };
  const gone = () => finish(exit.interrupted);
  process.stdout.on('error', gone);
  process.stdin.on('error', gone);
  process.stdin.on('end', gone);
  const forget = onInterrupt(gone);
  // What nobody caught is told on the screen that comes back, not on the one that goes.
  process.once('uncaughtException', fail);
  process.once('unhandledRejection', fail);

  await watch.begin(FIRST);
  screen.take();
  const endDiagnostics = showDiagnostics(store);
  let suspend: SuspendTerminal | null = null;
  const receive = (given: SuspendTerminal) => {
    suspend = given;
  };
  const ink = render(<App source={store} colours={!process.env['NO_COLOR']} receive={receive} />, {
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
    // A key shows within 50 ms: Ink's own 30 frames a second would use most of that.
    maxFps: 60,
  });
  ink.waitUntilExit().catch(fail);
  const resize = () => store.dispatch({ type: 'resize', size: sizeNow() });
  process.stdout.on('resize', resize);

  /** Another program has the terminal until then. */
  let away: Promise<unknown> | undefined;
  const answers = new Map<number, (yes: boolean) => void>();
  let questions = 0;
  const stage: Stage = {
    session,
    popup: options.popup,
    dispatch: store.dispatch,
    quit: () => finish(exit.done),
    looked: () => watch.hurry(true),
    readBoard: () => boardWatch.then((board) => board.read()),
    typed: () => watch.hurry(false),
    write: screen.write,
    typist: () => {
      // Whoever asks was loaded with it.
      if (typist === null) throw new BugError('nobody can type yet');
      return typist;
    },
    ask: (title, lines, yes) =>
      new Promise((resolve) => {
        // Nobody is there to be asked any more.
        if (over) return resolve(false);
        const question = ++questions;
        answers.set(question, resolve);
        const answer = (agreed: boolean) => ({ type: 'answer', question, yes: agreed }) as const;
        const ask = { title, lines, yes, onYes: answer(true), onNo: answer(false), since: Date.now() };
        store.dispatch({ type: 'ask', ask });
      }),
    answer(question, yes) {
      answers.get(question)?.(yes);
      answers.delete(question);
    },
    async handOver(argv, how) {
      let code = 1;
      // One program has the terminal at a time: what a key pressed twice asks for comes too late.
      if (over || away !== undefined) return code;
      watch.stop();
      screen.give();
      away = suspend?.(async () => {
        code = await runForeground(argv, how ?? {});
      });
      try {
        await away;
      } finally {
        away = undefined;
      }
      // The view may have been told to end meanwhile: then the terminal is nobody's to take.
      if (over) return code;
      screen.take();
      store.dispatch({ type: 'resize', size: sizeNow() });
      watch.start();
      return code;
    },
  };
  // The agents come first: what reads the board is loaded behind the first frame.
  const boardWatch = delay(BEHIND)
    .then(acting)
    .then(() => import('./board-watch.ts'))
    .then(({ BoardWatch }) => BoardWatch.open(session, store));
  boardWatch.catch(fail);
  const lookAtBranch = async () => {
    const branch = session.repo.worktree === null ? null : await currentBranch(session.repo.worktree);
    store.dispatch({ type: 'branch', branch });
  };
  const branchTimer = setInterval(() => void lookAtBranch().catch(() => {}), BRANCH);
  void lookAtBranch().catch(() => {});
  watch.start();
  let left = false;
  try {
    const code = await ended;
    left = code === exit.done;
    return code;
  } finally {
    forget();
    clearInterval(branchTimer);
    watch.stop();
    await boardWatch.then((board) => board.close()).catch(() => {});
    await away?.catch(() => {});
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
    ink.unmount();
    await ink.waitUntilExit().catch(() => {});
    screen.restore();
    const said = endDiagnostics();
    if (process.stderr.isTTY) for (const line of said) options.tell(line);
    for (const answer of answers.values()) answer(false);
    if (left) await finishJobs(store, begun, options.tell);
    await live.close();
  }
}

function eventOf(input: Input): Event {
  const now = Date.now();
  if (input.kind === 'paste') return { type: 'paste', text: input.text };
  return input.kind === 'key' ? { type: 'key', key: input.key, now } : { type: 'mouse', mouse: input.mouse, now };
}
