import type { Modes } from './modes.ts';
import type { Change, Entry, Prompt, State } from './state.ts';

/** A prompt goes in: a turn begins, or it waits for the one that runs. */
export function submit(state: State, prompt: Prompt, at: number, modes: Modes): Change {
  if (modes.commands && /^[!/#]/.test(prompt.text)) {
    const entry: Entry = { kind: 'note', text: `Command not run: ${prompt.text}` };
    return {
      state: { ...state, transcript: [...state.transcript, entry] },
      effects: [{ do: 'command', text: prompt.text, source: prompt.source }],
    };
  }
  const queued = state.phase === 'working';
  const received = { do: 'received', prompt, queued } as const;
  if (queued) return { state: { ...state, queue: [...state.queue, prompt] }, effects: [received] };
  const change = startTurn(state, prompt, at);
  return { state: change.state, effects: [received, ...change.effects] };
}

/** Back to the box, or on with the next prompt that waits. */
export function endTurn(state: State, at: number): Change {
  const idle: State = { ...state, phase: 'idle', workingSince: null };
  const [next, ...queue] = idle.queue;
  return next ? startTurn({ ...idle, queue }, next, at) : { state: idle, effects: [] };
}

function startTurn(state: State, prompt: Prompt, at: number): Change {
  const turns = state.turns + 1;
  const transcript: readonly Entry[] = [...state.transcript, { kind: 'user', text: prompt.text }];
  const next: State = { ...state, phase: 'working', workingSince: at, turns, transcript };
  return { state: next, effects: [{ do: 'turn', prompt, turn: turns }] };
}
