import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSpool, type SpoolEvent } from '../events.ts';
import type { DemoDoor } from './types.ts';

/** Milliseconds between two looks. */
const EVERY = 150;

/** Tells what the agents' own hooks report, until it is stopped; nothing that was reported before is left out. */
export function watchAgents(agentsFolder: string, door: DemoDoor): { stop(): Promise<void> } {
  const told = new Set<string>();
  const stopping = new AbortController();
  const look = async () => {
    for (const agent of folders(agentsFolder)) {
      for (const event of await readSpool(join(agentsFolder, agent, 'events'))) {
        if (told.has(event.file)) continue;
        told.add(event.file);
        const text = inWords(event);
        if (text !== null) door.news(agent, text);
      }
    }
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await look();
      await delay(EVERY, undefined, { signal: stopping.signal }).catch(() => {});
    }
    await look();
  };
  const ended = loop();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

function folders(parent: string): string[] {
  try {
    return readdirSync(parent).sort();
  } catch {
    // No agent yet.
    return [];
  }
}

/** Null for what is no news to a person. */
function inWords({ event, payload }: SpoolEvent): string | null {
  switch (event) {
    case 'SessionStart':
      return 'has started';
    case 'UserPromptSubmit':
      return 'has its prompt';
    case 'PreToolUse':
      return textAt(payload, 'tool_name') === 'Edit'
        ? `edits ${textAt(payload, 'tool_input', 'file_path')}`
        : `runs ${textAt(payload, 'tool_input', 'command')}`;
    case 'Stop':
      return `says: ${textAt(payload, 'last_assistant_message')}`;
    case 'StopFailure':
      return `stops: ${textAt(payload, 'error')}`;
    default:
      return null;
  }
}

/** The text at a path of keys, however the payload looks. */
function textAt(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : null,
    value,
  );
  return typeof found === 'string' ? found : '';
}
