import type { Config } from '../../config/types.ts';
import { oneLine } from '../../lib/text.ts';
import { consentItems, pendingConsent } from '../../workspace/consent.ts';
import type { Observation } from '../observe.ts';
import type { Asked, Question } from '../question.ts';
import { recordEvent } from '../records.ts';
import type { DialogOption } from '../screen.ts';
import type { Session } from '../session.ts';
import { type Answered, answer } from './answer.ts';
import { plainYes } from './choose.ts';
import { type Ruling, ruleFor } from './match.ts';

export { ruleFor } from './match.ts';

/** Type of the event that each press by a rule leaves. */
const EVENT = 'approved-by-rule';

/** Questions that were answered last, by open database and agent; null: the agent has been seen to ask nothing since. */
const answered = new WeakMap<Session['db'], Map<string, string | null>>();

/**
 * Approves what an agent asks where a rule of the user's allows it: only a question that is on its screen now and names
 * whole what a yes would allow, only by the plain yes, once for each question. Null when nothing was pressed.
 * Cheap when nothing is asked or no rule is there, so that it may be called after each look.
 * @throws UserError exit 6 when a prompt is being typed into it, or the press was not taken (which is on record).
 */
export async function applyRules(session: Session, seen: Observation): Promise<Answered | null> {
  const memory = answered.get(session.db) ?? new Map<string, string | null>();
  answered.set(session.db, memory);
  const { row, asked, pane } = seen;
  if (asked === null || pane === null || pane.dead) {
    memory.set(row.id, null);
    return null;
  }
  const { worktree } = row;
  if (worktree === null || session.config.approvals.allow.length === 0) return null;
  if (await wasAnswered(session, memory, row, asked)) return null;
  const approvals = await approvedRules(session);
  const rulingOf = (question: Question) => ruleFor(question, approvals, worktree);
  if (rulingOf(asked.question).decision !== 'allow') return null;
  return answer({
    session,
    row,
    pane,
    patience: 0,
    choose: (now) => (now.instance === asked.instance ? yesBy(rulingOf(now.question), now.question) : null),
    record: async (question, option, pressed) => {
      memory.set(row.id, asked.instance);
      await recordEvent(session.db, row.name, EVENT, {
        rule: rulingOf(question).rule,
        question: oneLine(question.text, 200),
        subject: question.subject,
        answer: option.label,
        key: pressed,
        instance: asked.instance,
      });
    },
  });
}

function yesBy({ decision }: Ruling, question: Question): DialogOption | null {
  return decision === 'allow' ? plainYes(question) : null;
}

/** Whether this very question got its press: in this process, or, before it has seen the agent ask nothing, in one before. */
async function wasAnswered(
  session: Session,
  memory: ReadonlyMap<string, string | null>,
  { id, name, since }: Observation['row'],
  { instance }: Asked,
): Promise<boolean> {
  const known = memory.get(id);
  if (known !== undefined) return known === instance;
  const query = session.db.selectFrom('events').select('data').where('agent', '=', name).where('type', '=', EVENT);
  const events = await query.where('at', '>=', since).execute();
  return events.some(({ data }) => (JSON.parse(data) as { instance?: string }).instance === instance);
}

/** The rules that hold: `allow` from a file that git tracks only with the user's consent; `deny` needs none. */
async function approvedRules({ config, loaded, repo, userDb }: Session): Promise<Config['approvals']> {
  const items = consentItems(loaded, repo, ['approvals']);
  const pending = await pendingConsent(await userDb(), repo, items);
  return pending.length === 0 ? config.approvals : { ...config.approvals, allow: [] };
}
