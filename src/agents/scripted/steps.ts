import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import type { Dialog, Entry } from './state.ts';
import type { Step } from './step.ts';
import { runCommit, runEdit, runShell, type ToolResult } from './tools.ts';

/** What steps may do to the world. */
export interface Stage {
  readonly prompt: string;
  /** Aborted when the turn is interrupted: nothing is shown from then on. */
  readonly signal: AbortSignal;
  show(entry: Entry): void;
  /** The chosen option, or null when the question was cancelled. */
  ask(dialog: Dialog): Promise<number | null>;
  title(text: string): void;
  /** Never resolves. */
  hang(): Promise<never>;
  /** Ends the program; never resolves. */
  leave(how: number | NodeJS.Signals, crash: boolean): Promise<never>;
  report(event: string, payload: Readonly<Record<string, unknown>>): void;
}

/** How a turn ended. */
export interface Outcome {
  /** The last thing said, or the error. */
  readonly message: string;
  readonly end: 'done' | 'stopped' | 'error';
}

/** Entries of `print_fast` at a time: keys are read in between. */
const PRINTED = 1000;

/** Does one step after the other. Stops at an error, at a command that fails, and at a No. */
export async function runSteps(steps: readonly Step[], stage: Stage): Promise<Outcome> {
  let message = '';
  for (const step of steps) {
    if (stage.signal.aborted) return { message, end: 'stopped' };
    if (step.do === 'say') message = step.text.replaceAll('{{prompt}}', firstLine(stage.prompt));
    if (step.do === 'error' || step.do === 'rate_limit') message = step.text;
    const end = await runStep(step, stage);
    if (end !== 'done') return { message, end };
  }
  return { message, end: 'done' };
}

async function runStep(step: Step, stage: Stage): Promise<Outcome['end']> {
  switch (step.do) {
    case 'say':
      stage.show({ kind: 'agent', text: step.text.replaceAll('{{prompt}}', firstLine(stage.prompt)) });
      return 'done';
    case 'wait':
      await delay(step.ms, undefined, { signal: stage.signal }).catch(() => {});
      return 'done';
    case 'title':
      stage.title(step.text);
      return 'done';
    case 'edit':
      return tool(stage, 'Edit', { file_path: step.file }, `Edit(${step.file})`, () => runEdit(step.file, step.change));
    case 'run':
      return tool(stage, 'Bash', { command: step.command }, `Bash(${step.command})`, () =>
        runShell(step.command, stage.signal),
      );
    case 'commit':
      return tool(stage, 'Bash', { command: 'git commit' }, `Commit(${step.message})`, () =>
        runCommit(step.message, stage.signal),
      );
    case 'ask':
      return permit(step.question, stage);
    case 'question':
      return choose(step.text, step.options, stage);
    case 'print_fast':
      return print(step.lines, stage);
    case 'error':
      stage.show({ kind: 'error', text: `API Error: ${step.text}` });
      return 'error';
    case 'rate_limit':
      stage.show({ kind: 'error', text: `Usage limit reached · ${step.text}` });
      return 'error';
    case 'hang':
      return stage.hang();
    case 'exit':
      return stage.leave(step.code, false);
    case 'crash':
      return stage.leave(step.how, true);
  }
}

async function tool(
  stage: Stage,
  name: string,
  input: object,
  shown: string,
  work: () => Promise<ToolResult>,
): Promise<Outcome['end']> {
  stage.show({ kind: 'tool', text: shown });
  const call = { tool_name: name, tool_input: input, tool_use_id: `toolu_${randomUUID()}` };
  stage.report('PreToolUse', call);
  const begin = performance.now();
  const result = await work().catch((error: unknown) => ({ ok: false, output: messageOf(error) }));
  if (stage.signal.aborted) return 'stopped';
  const duration = { duration_ms: Math.round(performance.now() - begin) };
  if (result.ok) stage.report('PostToolUse', { ...call, ...duration, tool_response: result.output });
  else stage.report('PostToolUseFailure', { ...call, ...duration, error: result.output });
  stage.show({ kind: result.ok ? 'result' : 'error', text: result.output === '' ? '(no output)' : result.output });
  return result.ok ? 'done' : 'error';
}

async function permit(question: string, stage: Stage): Promise<Outcome['end']> {
  stage.report('PermissionRequest', { tool_name: 'Bash', tool_input: { command: question } });
  const text = `${question}\n\nDo you want to proceed?`;
  const answer = await stage.ask({ kind: 'permission', text, options: ['Yes', 'No'], selected: 0 });
  if (answer === 0) return 'done';
  stage.show({ kind: 'note', text: 'Not allowed · What should I do instead?' });
  return 'stopped';
}

async function choose(text: string, options: readonly string[], stage: Stage): Promise<Outcome['end']> {
  stage.report('PermissionRequest', { tool_name: 'AskUserQuestion', tool_input: { question: text, options } });
  const answer = await stage.ask({ kind: 'question', text, options, selected: 0 });
  const chosen = answer === null ? null : options[answer];
  stage.show({ kind: 'result', text: chosen === undefined || chosen === null ? 'No answer' : `${text} → ${chosen}` });
  return chosen === null ? 'stopped' : 'done';
}

async function print(lines: number, stage: Stage): Promise<Outcome['end']> {
  for (let from = 1; from <= lines && !stage.signal.aborted; from += PRINTED) {
    const length = Math.min(PRINTED, lines - from + 1);
    stage.show({ kind: 'print', text: Array.from({ length }, (_, i) => `line ${from + i}`).join('\n') });
    await delay(0);
  }
  return 'done';
}

function firstLine(text: string): string {
  return text.trimStart().split(/\r\n|\r|\n/)[0] ?? '';
}
