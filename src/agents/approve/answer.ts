import { setTimeout as delay } from 'node:timers/promises';
import { exit, UserError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/text.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { PaneFacts } from '../../tmux/panes.ts';
import { readAsked } from '../asked.ts';
import { agentCli } from '../clis/index.ts';
import type { AgentCli } from '../clis/types.ts';
import { refusedWords } from '../deliver/back-out.ts';
import { withKeyboard } from '../deliver/keyboard.ts';
import { type Pressed, pressOption } from '../deliver/press.ts';
import { lost, PACE, see, type Target } from '../deliver/sight.ts';
import { newEvents, spoolNames } from '../events.ts';
import { type Asked, type Question, questionWords } from '../question.ts';
import type { DialogOption, Look } from '../screen.ts';
import { type Session, spoolOf } from '../session.ts';

/** Milliseconds until an answer shows that it was taken. */
const PROOF = 5000;
/** Milliseconds after which the same question on the screen may be another one. */
const DRAWN = 500;

/** An answer that was given, and taken. */
export interface Answered {
  readonly agent: string;
  readonly question: Question;
  readonly option: DialogOption;
  /** The keys that were pressed, as tmux names them. */
  readonly pressed: string;
  /** `hook`: the screen still asks the same, but the agent went on in between. */
  readonly evidence: 'screen' | 'hook';
}

export interface AnswerRequest {
  readonly session: Session;
  readonly row: AgentRow;
  readonly pane: PaneFacts;
  /** Milliseconds to wait for a prompt that is being typed into the agent. */
  readonly patience: number;
  /** One of the answers to what is asked now, chosen while nobody else presses keys; null: none. */
  choose(asked: Asked): Promise<DialogOption | null> | DialogOption | null;
  /** Told before anything is pressed. */
  before?(question: Question, option: DialogOption): void;
  /** Told as soon as it was pressed. */
  record(question: Question, option: DialogOption, pressed: string): Promise<void>;
}

/**
 * Answers what the agent asks now, and proves that it was taken. No prompt is typed into it meanwhile: deliveries hold
 * the same lease. Null: it asks nothing (any more), or `choose` wants no answer.
 * @throws UserError exit 6 when nothing could be pressed, or what was pressed changed nothing.
 */
export async function answer(request: AnswerRequest): Promise<Answered | null> {
  const { session, row, pane, patience } = request;
  const cli = agentCli(row.cli, session.config);
  const target: Target = { tmux: session.tmux, cli, pane: pane.pane, pid: pane.pid };
  return withKeyboard({ db: session.db, agentId: row.id }, () => answerNow(request, target), patience);
}

async function answerNow(request: AnswerRequest, target: Target): Promise<Answered | null> {
  const { session, row } = request;
  const seen = await see(target);
  if (seen === null || lost(target, seen) !== null) return null;
  const asked = await readAsked(session, row, seen.look, seen.facts);
  const option = asked === null ? null : await request.choose(asked);
  if (asked === null || option === null) return null;
  const { question } = asked;
  request.before?.(question, option);
  const spool = spoolOf(session.repo, row);
  const names = await spoolNames(spool);
  const shown = seen.look.waiting;
  const index = question.options.indexOf(option);
  const result = await pressOption(target, (now) =>
    isSame(now.look.waiting, shown) ? (now.look.waiting?.options[index] ?? null) : null,
  );
  if (result.pressed === null) throw notPressed(row, question, result.why);
  await request.record(question, option, result.pressed);
  const evidence = await prove(target, shown, { spool, names, told: asked.told !== null });
  if (evidence === null) throw notTaken(row, question, result.pressed);
  return { agent: row.name, question, option, pressed: result.pressed, evidence };
}

type Waiting = Look['waiting'];

/** The same question, as far as a screen tells. */
function isSame(a: Waiting, b: Waiting): boolean {
  const said = (one: Waiting) => one && [one.kind, one.text, one.subject, one.options.map(({ label }) => label)];
  return JSON.stringify(said(a)) === JSON.stringify(said(b));
}

/**
 * Gone, or another question in its place, in two looks in a row. Where the next one reads the same, the agent's own hooks
 * tell: the tool was used, or the agent asks once more.
 */
async function prove(target: Target, shown: Waiting, hooks: Hooks): Promise<Answered['evidence'] | null> {
  const begin = performance.now();
  for (let gone = 0; ; ) {
    const seen = await see(target);
    if (lost(target, seen) !== null) return 'screen';
    gone = isSame(seen?.look.waiting ?? null, shown) ? 0 : gone + 1;
    if (gone > 1) return 'screen';
    const waited = performance.now() - begin;
    if (waited >= DRAWN && gone === 0 && (await wentOn(target.cli, hooks))) return 'hook';
    if (waited >= PROOF) return null;
    await delay(PACE);
  }
}

interface Hooks {
  readonly spool: string;
  /** What was there before the key. */
  readonly names: ReadonlySet<string>;
  /** A hook had told of the question by then: another one tells of another question. */
  readonly told: boolean;
}

async function wentOn({ asks, events }: AgentCli, { spool, names, told }: Hooks): Promise<boolean> {
  return (await newEvents(spool, names)).some(({ event, payload }) =>
    asks?.(event, payload) == null ? events(event, payload)?.state === 'working' : told,
  );
}

function notPressed(row: AgentRow, question: Question, why: Exclude<Pressed, { pressed: string }>['why']): UserError {
  const words =
    why === 'changed'
      ? 'it asks something else now'
      : why === 'unmoved'
        ? 'its selection did not move to that answer'
        : why === 'screen'
          ? 'its screen does not keep still'
          : refusedWords(why);
  return new UserError({
    code: 'NOT_ANSWERED',
    exit: exit.undelivered,
    message: `'${questionWords(question)}' of ${row.name} was not answered: ${words}. Nothing was confirmed.`,
    hint: `swarm status ${shellWord(row.name)}`,
    details: { agent: row.name, question, why },
  });
}

function notTaken(row: AgentRow, question: Question, pressed: string): UserError {
  return new UserError({
    code: 'NOT_ANSWERED',
    exit: exit.undelivered,
    message: `'${pressed}' was pressed in ${row.name}, and it still asks: ${questionWords(question)}`,
    hint: `swarm capture ${shellWord(row.name)}`,
    details: { agent: row.name, question, pressed },
  });
}
