import type { Conversation } from './conversation.ts';
import type { Display } from './display.ts';
import type { Modes } from './modes.ts';
import { recordEffect } from './record.ts';
import { type Event, reduce } from './reduce.ts';
import type { Reporter } from './reporter.ts';
import { type Script, stepsFor } from './rules.ts';
import { type Effect, newState, type Prompt, type State } from './state.ts';
import type { Step } from './step.ts';
import { type Outcome, runSteps, type Stage } from './steps.ts';

export interface World {
  readonly modes: Modes;
  readonly script: Script;
  readonly conversation: Conversation;
  readonly reporter: Reporter;
  readonly display: Display;
  /** The prompt of the command line. */
  readonly prompt: string | null;
  readonly log: string | null;
  /** Milliseconds. */
  readonly now: () => number;
  /** Stops reading the keyboard. */
  readonly deafen: () => void;
  /** Ends the program; `crash`: without a word. */
  readonly leave: (how: number | NodeJS.Signals, crash: boolean) => void;
}

export interface Agent {
  dispatch(event: Event): void;
}

/** Runs the pure part against the world: each event changes the state, and the state's effects are carried out. */
export function startAgent(world: World): Agent {
  let state: State = { ...newState(world.modes), transcript: world.conversation.earlier };
  let answer: ((option: number | null) => void) | null = null;
  let turn: AbortController | null = null;

  const dispatch = (event: Event): void => {
    const change = reduce(state, event, world.modes);
    state = change.state;
    if (state.phase !== 'hung' || event.type === 'hang') world.display.show(state);
    for (const effect of change.effects) carryOut(effect);
  };

  const carryOut = (effect: Effect): void => {
    recordEffect(world.log, effect);
    switch (effect.do) {
      case 'ready':
        begin();
        return;
      case 'turn':
        void takeTurn(effect.prompt, effect.turn);
        return;
      case 'interrupt':
        turn?.abort();
        return;
      case 'answer':
        answer?.(effect.option);
        answer = null;
        return;
      case 'exit':
        world.leave(effect.code, false);
        return;
    }
  };

  const begin = (): void => {
    world.display.takePastes();
    if (world.script.start.length > 0) void perform(world.script.start, '', new AbortController().signal);
    const text = world.prompt;
    if (text !== null && text !== '')
      dispatch({ type: 'submit', prompt: { text, source: 'argument' }, at: world.now() });
  };

  const takeTurn = async (prompt: Prompt, number: number): Promise<void> => {
    turn = new AbortController();
    const { signal } = turn;
    world.conversation.add('user', prompt.text);
    world.reporter.report('UserPromptSubmit', { prompt: prompt.text });
    const asks: readonly Step[] = world.modes.dialog === number ? [{ do: 'ask', question: 'Run a command' }] : [];
    const { end, message } = await perform([...asks, ...stepsFor(world.script, prompt.text)], prompt.text, signal);
    if (signal.aborted) return;
    if (end === 'error') world.reporter.report('StopFailure', { error: message === '' ? 'the turn failed' : message });
    else world.reporter.report('Stop', { stop_hook_active: false, last_assistant_message: message });
    dispatch({ type: 'turn-end', at: world.now() });
  };

  const perform = (steps: readonly Step[], prompt: string, signal: AbortSignal): Promise<Outcome> => {
    const stage: Stage = {
      prompt,
      signal,
      show: (entry) => {
        if (signal.aborted) return;
        if (entry.kind === 'agent') world.conversation.add('agent', entry.text);
        dispatch({ type: 'show', entry });
      },
      ask: (dialog) =>
        new Promise((resolve) => {
          answer = resolve;
          dispatch({ type: 'ask', dialog });
        }),
      title: (text) => dispatch({ type: 'title', text }),
      hang: () => {
        world.deafen();
        dispatch({ type: 'hang' });
        return new Promise<never>(() => {});
      },
      leave: (how, crash) => {
        world.leave(how, crash);
        return new Promise<never>(() => {});
      },
      report: world.reporter.report,
    };
    return runSteps(steps, stage);
  };

  world.display.show(state);
  return { dispatch };
}
