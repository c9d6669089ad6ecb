import { exit, UserError } from '../../lib/errors.ts';
import { oneLine, shellWord } from '../../lib/text.ts';
import type { AgentRow } from '../../store/schema.ts';
import { insideAgentWindow } from '../../workspace/insider.ts';
import { recordAnswer } from '../deliver/answers.ts';
import { observe } from '../observe.ts';
import { type Question, questionWords } from '../question.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { type Answered, answer } from './answer.ts';
import { chooseOption } from './choose.ts';

export type { Answered } from './answer.ts';

/** Milliseconds to wait for a prompt that is just being typed: an open dialog ends that soon. */
const PATIENCE = 8000;

/**
 * Answers the question that is on the agent's screen now, for a person: `option` is a number, a key or the beginning of
 * a label; null means the plain yes to this one thing. `tell` hears what will be pressed, before it is. `seen` is the
 * question that the person has in mind, when it was shown before: another one is not answered.
 * @throws UserError exit 4 when it asks nothing, inside an agent's window, and where a person must choose; exit 2 for a
 * word that is no answer; exit 6 when the answer was not taken.
 */
export async function approveAgent(
  session: Session,
  row: AgentRow,
  option: string | null,
  tell: (line: string) => void = () => {},
  seen: Question | null = null,
): Promise<Answered> {
  await refuseAgents(session, row);
  const [now] = await observe(session, [row]);
  const shown = now?.asked?.question ?? null;
  if (now?.pane == null || now.pane.dead || shown === null) throw nothingAsked(now?.row ?? row);
  if (seen !== null && reads(seen) !== reads(shown)) throw askedElse(row, shown);
  // Before anything is held: a word that fits nothing needs no waiting.
  const index = shown.options.indexOf(chooseOption(row.name, shown, option));
  const answered = await answer({
    session,
    row,
    pane: now.pane,
    patience: PATIENCE,
    choose: ({ question }) => (reads(question) === reads(shown) ? (question.options[index] ?? null) : null),
    before: (question, { label, key }) =>
      tell(`${row.name}: ${questionWords(question)} → ${oneLine(label, 100)} (presses ${key})`),
    record: (question, { label }, key) =>
      recordAnswer(session.db, row.name, {
        question: question.text,
        subject: question.subject,
        answer: label,
        key,
        by: 'person',
      }),
  });
  const [after] = await observe(session, [row]);
  if (answered !== null) return answered;
  throw after?.asked == null ? nothingAsked(after?.row ?? row) : askedElse(row, after.asked.question);
}

const reads = ({ kind, text, subject, options }: Question) =>
  JSON.stringify([kind, text, subject?.what.replace(/\s+/gu, ''), options.map(({ label }) => label)]);

/** An answer is a consent: an agent could allow another one, or itself, what nobody has seen. */
async function refuseAgents(session: Session, row: AgentRow): Promise<void> {
  const agentPids = (await allAgents(session.db)).flatMap(({ pid }) => pid ?? []);
  if (!(await insideAgentWindow({ env: session.env, agentPids }))) return;
  throw new UserError({
    code: 'CONSENT_BY_AGENT',
    exit: exit.refused,
    message: "A question can't be answered from inside an agent's window: an agent could allow itself anything.",
    hint: `In a terminal of yours, in this repository: swarm approve ${shellWord(row.name)}`,
  });
}

function nothingAsked(row: AgentRow): UserError {
  const reason = row.reason === null ? '' : ` (${oneLine(row.reason, 100)})`;
  return new UserError({
    code: 'NO_QUESTION',
    exit: exit.refused,
    message: `${row.name} asks nothing: it is ${row.status}${reason}. Nothing was pressed.`,
    hint: `swarm status ${shellWord(row.name)}`,
    details: { agent: row.name, status: row.status },
  });
}

function askedElse(row: AgentRow, question: Question): UserError {
  return new UserError({
    code: 'NO_QUESTION',
    exit: exit.refused,
    message: `${row.name} asks something else now: ${questionWords(question)}. Nothing was pressed.`,
    hint: `swarm status ${shellWord(row.name)}`,
    details: { agent: row.name, question },
  });
}
