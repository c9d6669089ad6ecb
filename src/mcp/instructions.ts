import { gatherBriefing, renderFacts } from '../board/briefing.ts';
import type { Board } from '../board/context.ts';
import type { Participant } from '../board/participants.ts';

/** What a leader does with the board, and what everybody else does. */
const LEADER = `You lead: set the goal with init_coordination, cut the work into tasks of 5 to 15 minutes with create_task
(what, in which files, after which other tasks), then watch get_status and receive_messages, and answer questions. review_changes and merge_agent bring work home.`;
const WORKER = `You work: claim_task gives you a task (task null means that there is none now, and why), do it, then
complete_task with what you did, or fail_task with why not; then claim the next. Only who claimed a task can end it. request_merge asks for your commits to be merged.`;
const SHARED = `Others learn of you only through the board. add_discovery shares what the team should know, send_message
reaches one of them, ask_question asks, and receive_messages with wait_ms waits for what others say to you.`;

/** Who the caller is, how the board works and what it should know already, for the model. */
export async function instructionsFor(board: Board, me: Participant): Promise<string> {
  const facts = renderFacts(await gatherBriefing(board, me));
  return [
    `swarm's board: the tasks, messages and memory of a team of coding agents. You are ${me.name} (${me.role}).`,
    me.leads ? LEADER : WORKER,
    SHARED,
    ...(facts === '' ? [] : [facts]),
  ].join('\n\n');
}
