import { UserError } from '../../lib/errors.ts';
import { addMemory, MEMORY_KINDS, type Memory as Remembered, removeMemory } from '../memory.ts';
import { participantNamed } from '../named.ts';
import { changedDocument } from './documents.ts';
import { type Door, reject, viaFile } from './door.ts';

/** `state/workers/worker-1-memory.json`. */
export const memoryFile = (name: string) => `state/workers/${name}-memory.json`;

/** Takes what a worker wrote into its memory file, and forgets what it took out. @returns whether it may not be whole yet. */
export async function takeMemory(door: Door, file: string, remembered: readonly Remembered[]): Promise<boolean> {
  const found = changedDocument(door, file);
  if (found.is !== 'new') return found.is === 'waits';
  const name = /([^/]+)-memory\.json$/.exec(file)?.[1] ?? '';
  try {
    const by = await participantNamed(door.board, name);
    const mine = remembered.filter(({ owner }) => owner === by.name);
    const before = JSON.parse(door.memory.textOf(file) ?? '{}') as Readonly<Record<string, unknown>>;
    for (const kind of MEMORY_KINDS) {
      const [old, now] = [textsIn(before[kind]), textsIn(found.value[kind])];
      for (const text of now.filter((one) => !old.includes(one))) {
        await addMemory(door.board, by, { kind, text, team: false });
      }
      const gone = old.filter((text) => found.value[kind] !== undefined && !now.includes(text));
      for (const one of mine.filter((entry) => entry.kind === kind && gone.includes(entry.text))) {
        await removeMemory(door.board, by, one.id);
      }
    }
    await viaFile(door, by.name, file, {});
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reject(door, file, { task: null, by: name, edit: found.value, code: error.code, reason: error.message });
  }
  return false;
}

function textsIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((one) => (typeof one === 'string' ? one.trim() : JSON.stringify(one))).filter((one) => one !== '');
}
