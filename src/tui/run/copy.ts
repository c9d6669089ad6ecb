import { captureAgent } from '../../agents/capture.ts';
import type { AgentRow } from '../../store/schema.ts';
import { clipboardSequence, copyThroughTmux } from '../../tmux/clipboard.ts';
import { told } from './job.ts';
import type { Stage } from './stage.ts';

/** Puts a text into the clipboard of the person's terminal. */
export async function copyText(stage: Stage, text: string, what: string): Promise<void> {
  const through = await copyThroughTmux(stage.session.env, text);
  if (!through) stage.write(clipboardSequence(text));
  stage.dispatch({ type: 'notice', notice: told(`Copied: ${what}`) });
}

/** The same with what an agent's screen shows. */
export async function copyOutput(stage: Stage, row: AgentRow): Promise<void> {
  const { text } = await captureAgent(stage.session, row, { lines: null, ansi: false });
  await copyText(stage, text.trimEnd(), `the screen of ${row.name}`);
}
