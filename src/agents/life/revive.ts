import { existsSync, readFileSync } from 'node:fs';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { beginOperation, lastStep, type Operation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import { agentCli } from '../clis/index.ts';
import { requireProgram } from '../clis/program.ts';
import { approveCommands } from '../consent.ts';
import { firstPrompt } from '../first-prompt.ts';
import { dropFormerNames } from '../folders.ts';
import { requireWorktree } from '../ground.ts';
import { approvePanes, type FurtherPanes } from '../panes.ts';
import { markFailed, optionsOf, recordEvent, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import { runPostCreate } from '../spawn/ground.ts';
import type { SpawnDoor } from '../spawn/request.ts';
import { type Started, startAgent } from '../start.ts';
import { closeWindow } from '../tmux-session.ts';
import type { Delivery } from '../types.ts';
import { conversationOf } from './conversation.ts';
import { hasCrashed } from './crash.ts';
import { whileEnding } from './ending.ts';
import { endProcess, isRunning } from './stop.ts';
import { withTurn } from './turn.ts';

export interface Revived {
  readonly row: AgentRow;
  /** The same conversation is back. */
  readonly resumed: boolean;
  /** The first prompt's, where it was sent. */
  readonly delivery: Delivery | null;
  /** There is a first prompt that could be sent again. */
  readonly hasPrompt: boolean;
}

type Kind = 'resume' | 'restart';

/** Times kept of restarts after a crash: more than any limit in the config makes sense. */
const MOST_KEPT = 100;

export interface ReviveOptions {
  /** Send the first prompt again. */
  readonly again: boolean;
  /** Milliseconds for that prompt. */
  readonly timeout: number;
  /** Consent for this run only. */
  readonly yes: boolean;
  /** Nobody asked for it: only if it still lies there as it crashed. */
  readonly afterCrash?: boolean;
  /** Nobody asked for it: only if it is still the process that lost its window. */
  readonly afterLoss?: boolean;
}

/** Opens a window for a paused (or exited) agent again, with its conversation where the CLI can bring it back. */
export function resumeAgent(
  session: Session,
  agent: AgentRow,
  options: ReviveOptions,
  door: SpawnDoor,
): Promise<Revived> {
  return reviveInTurn(session, agent, 'resume', options, door);
}

/** Somebody was quicker. */
function notCrashed({ name, status }: AgentRow): UserError {
  const message = `${name} is ${status} by now.`;
  return new UserError({ code: 'NOT_CRASHED', exit: exit.refused, message, hint: `swarm status ${name}` });
}

function noPrompt({ name }: AgentRow): UserError {
  return new UserError({
    code: 'NO_FIRST_PROMPT',
    exit: exit.notFound,
    message: `${name} was started without a prompt, so there is none to send again.`,
    hint: `swarm send ${name} 'What to do'`,
  });
}

async function refuseRunning(row: AgentRow): Promise<void> {
  if (await isRunning(row)) {
    throw new UserError({
      code: 'RUNNING_ALREADY',
      exit: exit.refused,
      message: `${row.name} is running: it is ${row.status}.`,
      hint: `swarm attach ${row.name}`,
    });
  }
}

/** Ends the agent if it runs, and starts it again in its worktree with its ports and conversation. */
export function restartAgent(
  session: Session,
  agent: AgentRow,
  options: ReviveOptions,
  door: SpawnDoor,
): Promise<Revived> {
  return reviveInTurn(session, agent, 'restart', options, door);
}

/** Its turn is over once its window is open: its prompt may wait for long, and whoever wants to end it meanwhile may. */
async function reviveInTurn(
  session: Session,
  agent: AgentRow,
  kind: Kind,
  options: ReviveOptions,
  door: SpawnDoor,
): Promise<Revived> {
  // A person may take long to agree.
  const how = await prepare(session, agent, options, door);
  const begun = await withTurn(session, agent, { ends: kind === 'restart' }, async (row) => {
    if (kind === 'resume') await refuseRunning(row);
    const other = how.afterLoss === true && row.pid !== agent.pid;
    if (other || (how.afterCrash === true && !hasCrashed(row))) throw notCrashed(row);
    const work = () => revive(session, row, how, kind);
    return kind === 'restart' ? whileEnding(session, row, work) : work();
  });
  return deliverFirst(session, begun, how.timeout);
}

interface Prepared extends ReviveOptions {
  readonly approved: ApprovedCommands;
  readonly panes: FurtherPanes;
  /** Its post_create failed, or was never run to its end. */
  readonly hooks: boolean;
  readonly tell: SpawnDoor['tell'];
}

/** Refuses what can be refused before anything is ended. */
async function prepare(
  session: Session,
  row: AgentRow,
  options: ReviveOptions,
  { ask, tell }: SpawnDoor,
): Promise<Prepared> {
  requireWorktree(row);
  if (options.again && storedPrompt(row) === null) throw noPrompt(row);
  requireProgram(agentCli(row.cli, session.config), session.env, session.repo.root);
  const { noHooks, startedAt } = optionsOf(row);
  const ran = await lastStep(session.db, row.id, 'hooks');
  // A spawn that was killed before its hooks left an agent that never started, in a worktree of swarm's making.
  const never = ran === null && startedAt === null && row.worktree_created === 1;
  const hooks = (ran === 'begun' || never) && !noHooks;
  const keys = [...(hooks ? ['hooks.post_create'] : []), `agents.${row.cli}`, 'dialogs'];
  const approved = await approveCommands(session, keys, { yes: options.yes, ask });
  const panes = { approved: await approvePanes(session, { yes: options.yes, ask, tell }), tell };
  return { ...options, hooks, tell, approved, panes };
}

/** An agent whose window is open, and what is still to be typed into it. */
interface Begun {
  readonly started: Started;
  readonly prompt: string | null;
  readonly operation: Operation;
}

async function revive(session: Session, agent: AgentRow, how: Prepared, kind: Kind): Promise<Begun> {
  const operation = await beginOperation(session.db, kind, agent.id, { agent: agent.name });
  let row = agent;
  try {
    if (kind === 'restart') row = await operation.step('process', () => endForRestart(session, agent, how));
    if (how.hooks) {
      const run = { operation: operation.id, tell: how.tell };
      await operation.step('hooks', () => runPostCreate(session, row, how.approved, run));
    }
    const conversation = await conversationOf(session, row);
    await closeWindow(session, row);
    dropFormerNames(session.repo, row);
    // An agent that never had a process never had its prompt either.
    const prompt = how.again || optionsOf(row).startedAt === null ? storedPrompt(row) : null;
    if (prompt !== null) await operation.note({ prompt: optionsOf(row).promptFile });
    // A conversation that comes back holds its prompt; a fresh one gets it only when that was asked for.
    const started = await operation.step('window', () =>
      startAgent(session, {
        row,
        prompt: conversation === null ? prompt : null,
        conversation,
        approved: how.approved,
        panes: how.panes,
        operation,
      }),
    );
    await recordEvent(session.db, row.name, kind, { resumed: started.resumed });
    return { started, prompt, operation };
  } catch (error) {
    await markFailed(session.db, row, messageOf(error));
    await operation.finish('failed');
    throw error;
  }
}

async function deliverFirst(
  session: Session,
  { started, prompt, operation }: Begun,
  timeout: number,
): Promise<Revived> {
  const { row, resumed } = started;
  try {
    const delivery =
      prompt === null ? null : await operation.step('prompt', () => firstPrompt(session, started, prompt, timeout));
    await operation.finish('done');
    return { row, resumed, delivery, hasPrompt: storedPrompt(row) !== null };
  } catch (error) {
    await markFailed(session.db, row, messageOf(error));
    await operation.finish('failed');
    throw error;
  }
}

async function endForRestart(session: Session, row: AgentRow, { afterCrash }: ReviveOptions): Promise<AgentRow> {
  const conversation = await conversationOf(session, row);
  await endProcess(row);
  const before = afterCrash === true ? optionsOf(row).restartedAt : [];
  const restartedAt = afterCrash === true ? [...before, new Date().toISOString()].slice(-MOST_KEPT) : [];
  const options = JSON.stringify({ ...optionsOf(row), restartedAt });
  return updateAgent(session.db, row.id, { conversation, options, restarts: row.restarts + 1 });
}

function storedPrompt(row: AgentRow): string | null {
  const { promptFile } = optionsOf(row);
  return promptFile !== null && existsSync(promptFile) ? readFileSync(promptFile, 'utf8') : null;
}
