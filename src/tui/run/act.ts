import { attachTo } from '../../agents/attach.ts';
import { updateAgent } from '../../agents/records.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Effect } from '../protocol.ts';
import type { Notice } from '../state.ts';
import { load } from './load.ts';
import { rowOf, type Stage } from './stage.ts';

/** Does what the reducer wants done, beside the view: nothing here is waited for, and what fails is told. */
export function perform(stage: Stage, effect: Effect): void {
  act(stage, effect).catch((error: unknown) => {
    stage.dispatch({ type: 'notice', notice: failureOf(error) });
  });
}

/** What was thrown, for people. */
function failureOf(error: unknown): Notice {
  if (error instanceof UserError) return { level: 'error', message: error.message, hint: error.hint };
  return { level: 'error', message: messageOf(error), hint: 'swarm doctor' };
}

async function act(stage: Stage, effect: Effect): Promise<void> {
  switch (effect.type) {
    case 'quit':
      return stage.quit();
    case 'attach':
      return attach(stage, await rowOf(stage, effect.agent));
    case 'load':
      return load(stage, effect.agent, effect.tab);
    case 'seen':
      await updateAgent(stage.session.db, effect.agent, { unseen: 0 });
      return stage.looked();
  }
}

async function attach(stage: Stage, row: AgentRow): Promise<void> {
  const how = await attachTo(stage.session, row, { readOnly: false, mayAttach: () => {} });
  if (!how.switched) await stage.handOver(how.argv);
  // The client behind the popup shows the agent now.
  if (stage.popup) return stage.quit();
  stage.looked();
}
