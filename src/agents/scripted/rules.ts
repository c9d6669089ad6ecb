import type { Modes } from './modes.ts';
import type { Step } from './step.ts';

/** What the scripted agent does: how it behaves at the keyboard, and what it answers to which prompt. */
export interface Script {
  readonly modes: Partial<Modes>;
  /** Done once, before any prompt. */
  readonly start: readonly Step[];
  /** The first whose pattern is found in the prompt is done. */
  readonly on: readonly Rule[];
  /** Done for any other prompt. */
  readonly default: readonly Step[];
}

export interface Rule {
  readonly prompt: RegExp;
  readonly do: readonly Step[];
}

/** Without a script: says that it is done, with the prompt's first line. */
export const builtInScript: Script = {
  modes: {},
  start: [],
  on: [],
  default: [
    { do: 'wait', ms: 200 },
    { do: 'say', text: 'Done: {{prompt}}' },
  ],
};

/** The steps for a prompt. */
export function stepsFor(script: Script, prompt: string): readonly Step[] {
  return script.on.find((one) => one.prompt.test(prompt))?.do ?? script.default;
}
