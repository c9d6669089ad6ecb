import { attachTo } from '../../agents/attach.ts';
import { openEditor } from '../../agents/editor.ts';
import { updateAgent } from '../../agents/records.ts';
import { shellPlan } from '../../agents/shell.ts';
import { setTakenOver } from '../../agents/take-over.ts';
import { oneLine } from '../../lib/text.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { BoardAct, Effect, Event } from '../protocol.ts';
import { commit } from './commit.ts';
import { copyOutput, copyText } from './copy.ts';
import { failureOf, told } from './job.ts';
import { endAll, fork, rename, restoreAll, reviveAll, spawnNew } from './life.ts';
import { load } from './load.ts';
import { askMerge, askPull } from './merge.ts';
import { askRemoval } from './remove.ts';
import { rowOf, rowsOf, type Stage } from './stage.ts';
import { approve, promptAll } from './talk.ts';

export { Typist } from './talk.ts';

/** Does what the reducer wants done, beside the view, which waits only at its end; what fails is told. */
export async function perform(stage: Stage, effect: Effect): Promise<void> {
  let problem: string | null = null;
  let missed: readonly string[] = [];
  const dispatch = (event: Event) => {
    const notice = event.type === 'notice' || event.type === 'job-end' ? event.notice : null;
    if (notice?.level === 'error') {
      problem = oneLine(notice.message);
      missed = notice.missed ?? [];
    }
    stage.dispatch(event);
  };
  await act({ ...stage, dispatch }, effect).catch((error: unknown) => {
    dispatch({ type: 'notice', notice: failureOf(error) });
  });
  stage.dispatch({ type: 'ended', effect, problem, missed });
}

async function act(stage: Stage, effect: Effect): Promise<void> {
  switch (effect.type) {
    case 'quit':
      return stage.quit();
    case 'answer':
      return stage.answer(effect.question, effect.yes);
    case 'load':
      return load(stage, effect.agent, effect.tab);
    case 'seen':
      await updateAgent(stage.session.db, effect.agent, { unseen: 0 });
      return stage.looked();
    case 'read':
      return read(stage, effect.messages);
    case 'keys':
      return stage.typist().type(effect.agent, effect.input);
    case 'attach':
      return attach(stage, await rowOf(stage, effect.agent));
    case 'shell':
      return shell(stage, await rowOf(stage, effect.agent));
    case 'editor':
      return editor(stage, await rowOf(stage, effect.agent));
    case 'copy':
      return copyText(stage, effect.text, `${effect.what}: ${effect.text}`);
    case 'copy-output':
      return copyOutput(stage, await rowOf(stage, effect.agent));
    case 'prompt':
      return promptAll(stage, await rowsOf(stage, effect.agents), effect.text);
    case 'approve':
      return approve(stage, await rowOf(stage, effect.agent), effect.option, effect.question);
    case 'spawn':
      return spawnNew(stage, effect.wanted);
    case 'fork':
      return fork(stage, await rowOf(stage, effect.agent), effect.ticket, effect.prompt);
    case 'rename':
      return rename(stage, await rowOf(stage, effect.agent), effect.name);
    case 'commit':
      return commit(stage, await rowOf(stage, effect.agent), effect.message);
    case 'stop':
    case 'pause':
      return endAll(stage, effect.type, await rowsOf(stage, effect.agents));
    case 'revive':
      return reviveAll(stage, await rowsOf(stage, effect.agents));
    case 'ask-remove':
      return askRemoval(stage, await rowsOf(stage, effect.agents));
    case 'ask-merge':
      return askMerge(stage, await rowOf(stage, effect.agent));
    case 'ask-pull':
      return askPull(stage, await rowOf(stage, effect.agent));
    case 'take':
      return take(stage, await rowOf(stage, effect.agent), effect.take);
    case 'board':
      return onBoard(stage, effect.act);
    case 'restore':
      return restoreAll(stage, effect.names);
  }
}

/** What does it is loaded when the board is first used. */
async function onBoard(stage: Stage, act: BoardAct): Promise<void> {
  const { actOnBoard } = await import('./board.ts');
  return actOnBoard(stage, act);
}

async function read(stage: Stage, messages: readonly string[]): Promise<void> {
  const { readOnBoard } = await import('./board.ts');
  return readOnBoard(stage, messages);
}

async function take(stage: Stage, row: AgentRow, takes: boolean): Promise<void> {
  await setTakenOver(stage.session.db, row.id, takes);
  if (takes) return attach(stage, row);
  stage.dispatch({ type: 'notice', notice: told(`${row.name} is handed back`) });
  stage.looked();
}

async function attach(stage: Stage, row: AgentRow): Promise<void> {
  const how = await attachTo(stage.session, row, { readOnly: false, mayAttach: () => {} });
  if (!how.switched) await stage.handOver(how.argv);
  // The client behind the popup shows the agent now.
  if (stage.popup) return stage.quit();
  stage.looked();
}

async function shell(stage: Stage, row: AgentRow): Promise<void> {
  const { argv, cwd, env } = shellPlan(stage.session, row);
  await stage.handOver(argv, { cwd, env });
  stage.looked();
}

async function editor(stage: Stage, row: AgentRow): Promise<void> {
  const plan = await openEditor(stage.session, row, null);
  if (plan.opened) {
    return stage.dispatch({ type: 'notice', notice: told(`${plan.cwd} is open in ${plan.editor}`) });
  }
  await stage.handOver(plan.argv, plan);
  stage.looked();
}
