import { oneLine } from '../lib/text.ts';
import type { Board } from './context.ts';
import { type Memory, searchMemory } from './memory.ts';
import { peekInbox } from './messages/inbox.ts';
import type { Participant } from './participants.ts';
import { type Plan, readPlan } from './plan.ts';
import { listTasks } from './tasks/read.ts';
import type { Task } from './tasks/types.ts';

/** Characters of each part that are told: an agent's context is dear, and the board tells the rest. */
const MOST = { goal: 800, plan: 800, description: 800, hints: 400, note: 240 } as const;
/** Bytes of all that is known, the team's and one's own. */
const KNOWN = 2000;
/** Notes that are looked at, and messages that are counted. */
const NOTES = 200;
const INBOX = 100;

/** What a participant should know before it begins. */
export interface Briefing {
  readonly plan: Plan | null;
  /** What it holds. */
  readonly tasks: readonly Task[];
  /** Messages that it has not seen. */
  readonly messages: number;
  /** What the team and it itself know, what bears on its tasks first, then the newest. */
  readonly memory: readonly Memory[];
}

/** Gathers what a participant should know. */
export async function gatherBriefing(board: Board, me: Participant): Promise<Briefing> {
  const [plan, tasks, inbox, memory] = await Promise.all([
    readPlan(board),
    listTasks(board, { claimedBy: me.id, status: ['claimed'] }),
    peekInbox(board, me, { limit: INBOX }),
    searchMemory(board, me, { limit: NOTES }),
  ]);
  return { plan, tasks, messages: inbox.length, memory: relevant(memory, tasks) };
}

/** Whether there is something that a newcomer could not know. */
export function isNews({ plan, tasks, memory }: Briefing): boolean {
  return plan !== null || tasks.length > 0 || memory.length > 0;
}

/** What a participant should know, as a page of Markdown of some 4 kB at most. */
export async function briefingOf(board: Board, me: Participant): Promise<string> {
  return renderBriefing(me, await gatherBriefing(board, me));
}

/** The same from what was gathered. */
export function renderBriefing(me: Participant, briefing: Briefing): string {
  const parts = [
    `# You are ${me.name} (${me.role})\n\nYou work in a team of coding agents that share a board: tasks, messages and a memory.`,
    renderFacts(briefing),
    `## The board\n\n${me.leads ? LEADER : WORKER}\n${SHARED}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Only what is so just now: goal, task, inbox and memory, and not how the board is used. Empty where there is nothing. */
export function renderFacts({ plan, tasks, messages, memory }: Briefing): string {
  const team = memory.filter(({ owner }) => owner === null);
  const own = memory.filter(({ owner }) => owner !== null);
  const parts = [
    plan === null ? '' : `## Goal\n\n${cut(plan.goal, MOST.goal)}`,
    plan?.plan ? `## Plan\n\n${cut(plan.plan, MOST.plan)}` : '',
    tasks.length === 0 ? '' : `## Your task\n\n${tasks.map(taskWords).join('\n\n')}`,
    messages === 0 ? '' : `${count(messages)} for you in your inbox.`,
    notes('What the team knows', team),
    notes('What you noted', own),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const LEADER = `- \`swarm task add "What, in which files" --depends task-001\` adds a task of 5 to 15 minutes; \`swarm task list\` shows all.
- \`swarm task release ID "why"\` puts one back into the queue; \`swarm answer\` shows the questions that wait for you.`;
const WORKER = `- \`swarm task claim\` gives you a task; do it, commit, then \`swarm task complete ID "what you did"\`, and claim the next.
- \`swarm task fail ID "why"\` when it can't be done as it is.`;
const SHARED = `- \`swarm msg send NAME "text"\` tells somebody something, \`swarm msg read\` shows what you were told.
- \`swarm ask "question"\` asks the person and waits; \`--to NAME\` asks another.
- \`swarm memory add "text" --team\` keeps for all what they should know, \`swarm memory search WORDS\` finds it.
- The same as MCP tools, where you have them: claim_task, complete_task, send_message, ask_question, add_discovery.`;

function taskWords({ id, priority, attempt, description, context, scope }: Task): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  const files = [...new Set([...scope, ...context.files])];
  return [
    `**${id}** (priority ${priority}${again}): ${cut(description, MOST.description)}`,
    files.length === 0 ? '' : `Files: ${cut(files.join(', '), MOST.hints)}`,
    context.hints === '' ? '' : `Hints: ${cut(context.hints, MOST.hints)}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function notes(title: string, memory: readonly Memory[]): string {
  if (memory.length === 0) return '';
  const lines = memory.map(({ kind, text, createdBy, owner }) => {
    const from = owner === null ? ` (${createdBy})` : '';
    return `- ${kind}: ${oneLine(text, MOST.note)}${from}`;
  });
  return `## ${title}\n\n${lines.join('\n')}`;
}

/** As much as there is room for; what bears on the tasks first. */
function relevant(memory: readonly Memory[], tasks: readonly Task[]): Memory[] {
  const words = new Set(tasks.flatMap((task) => wordsOf([task.description, ...task.context.files, ...task.scope])));
  const ids = new Set(tasks.flatMap(({ id, dependencies }) => [id, ...dependencies]));
  const weight = ({ taskId, text }: Memory) =>
    (taskId !== null && ids.has(taskId) ? 2 : 0) + (wordsOf([text]).some((word) => words.has(word)) ? 1 : 0);
  let room = KNOWN;
  // Stable: of equal weight the newest stays first.
  return memory
    .toSorted((a, b) => weight(b) - weight(a))
    .filter(({ text }) => {
      room -= Math.min(Buffer.byteLength(text), MOST.note) + 30;
      return room >= 0;
    });
}

/** Words that say something: names, paths. */
function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.toLowerCase().match(/[\p{L}\p{N}_./-]{5,}/gu) ?? []);
}

function count(messages: number): string {
  if (messages >= INBOX) return `${INBOX} messages or more wait`;
  return messages === 1 ? '1 message waits' : `${messages} messages wait`;
}

/** Lines stay; what is too long ends in an ellipsis. */
function cut(text: string, most: number): string {
  const points = Array.from(text.trim());
  return points.length <= most ? text.trim() : `${points.slice(0, most - 1).join('')}…`;
}
