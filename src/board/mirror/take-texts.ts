import { UserError } from '../../lib/errors.ts';
import { addMemory } from '../memory.ts';
import type { Participant } from '../participants.ts';
import { type Plan, readPlan, setPlan } from '../plan.ts';
import { FILES } from './actor.ts';
import { TOO_LARGE } from './documents.ts';
import { type Door, reject, viaFile } from './door.ts';
import { isUnread } from './folder.ts';
import { discoveriesFrom, planFrom, planText } from './texts.ts';

export const PLAN_FILE = 'master-plan.md';
export const DISCOVERIES_FILE = 'context/discoveries.md';

/** Milliseconds for which a text has to stay as it is before it is taken: words can't be told from half of them. */
const STILL = 300;

/** Takes a new plan. One that was written on an older one than the board's is refused, and kept in the refusal. */
export async function takePlan(door: Door): Promise<boolean> {
  const text = settled(door, PLAN_FILE);
  if (text === null) return false;
  if (text === WAITS) return true;
  const [wish, now] = [planFrom(text), await readPlan(door.board)];
  const base = door.memory.textOf(PLAN_FILE);
  if (wish === null) return false;
  if (now !== null && wish.goal === now.goal && wish.plan === now.plan) return false;
  if (now !== null && isNews(now, base)) {
    const reason = 'the plan was changed by somebody else as well: read the file again and add to it';
    reject(door, PLAN_FILE, { task: null, by: null, edit: text, code: 'STALE', reason });
    return false;
  }
  await attempt(door, PLAN_FILE, text, FILES, () => setPlan(door.board, FILES, wish));
  return false;
}

/** Takes what is new among the discoveries. What is missing there comes back: they are only added to. */
export async function takeDiscoveries(door: Door, known: readonly string[]): Promise<boolean> {
  const text = settled(door, DISCOVERIES_FILE);
  if (text === null) return false;
  if (text === WAITS) return true;
  const old = new Set([...known, ...discoveriesFrom(door.memory.textOf(DISCOVERIES_FILE) ?? '')]);
  for (const point of discoveriesFrom(text).filter((one) => !old.has(one))) {
    await attempt(door, DISCOVERIES_FILE, point, FILES, () =>
      addMemory(door.board, FILES, { kind: 'discoveries', text: point, team: true }),
    );
  }
  return false;
}

const WAITS = Symbol('it may not be whole yet');

/** What somebody else has left in a file, once it stays so; null when that is nothing new. */
function settled(door: Door, file: string): string | null | typeof WAITS {
  const { folder, memory, waits } = door;
  const seen = folder.read(file);
  if (seen === null || memory.isOurs(file, seen.text)) return null;
  if (!waits.over(`${file} ${seen.stamp}`, STILL)) return WAITS;
  if (!isUnread(seen.text)) return seen.text;
  // It stays until there is something to put into its place, and is told once.
  reject(door, file, { task: null, by: null, edit: seen.text, ...TOO_LARGE });
  memory.wrote(file, { text: seen.text, version: null });
  return null;
}

/** Whether the board's plan is another one than that which the file showed. */
function isNews(now: Plan, base: string | null): boolean {
  return base === null || base !== planText(now);
}

async function attempt(door: Door, file: string, edit: string, by: Participant, work: () => Promise<unknown>) {
  try {
    await work();
    await viaFile(door, by.name, file, {});
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reject(door, file, { task: null, by: null, edit, code: error.code, reason: error.message, hint: error.hint });
  }
}
