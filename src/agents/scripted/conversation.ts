import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import type { Entry } from './state.ts';

/** What was said, kept on disk so that `--resume` brings it back. */
export interface Conversation {
  readonly id: string;
  readonly file: string;
  /** What was said before, for the screen. */
  readonly earlier: readonly Entry[];
  add(kind: 'user' | 'agent', text: string): void;
}

export interface Wanted {
  readonly resume: string | null;
  readonly sessionId: string | null;
}

/** Opens a new conversation or an old one. Refuses an unknown id to resume, and a new one that is taken. */
export function openConversation(wanted: Wanted, env: NodeJS.ProcessEnv): Conversation {
  const id = wanted.resume ?? wanted.sessionId ?? randomUUID();
  if (!/^[\w-]{1,100}$/.test(id)) throw refused(`'${id}' is no session id: expected letters, digits, '-' and '_'.`);
  const folder = homeOf(env);
  const file = join(folder, `${id}.jsonl`);
  const exists = existsSync(file);
  if (wanted.resume !== null && !exists) throw refused(`No conversation found with session id ${id}.`);
  if (wanted.resume === null && exists) throw refused(`Session id ${id} is already in use.`);
  const earlier = exists ? read(file) : [];
  if (!exists) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    append(file, { type: 'session', id, cwd: process.cwd(), at: new Date().toISOString() });
  }
  return { id, file, earlier, add: (type, text) => append(file, { type, text, at: new Date().toISOString() }) };
}

/** Where conversations lie: SWARM_SCRIPTED_HOME, else below the user's state. */
function homeOf(env: NodeJS.ProcessEnv): string {
  if (env['SWARM_SCRIPTED_HOME']) return env['SWARM_SCRIPTED_HOME'];
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'swarm', 'scripted');
}

function append(file: string, line: object): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

function read(file: string): Entry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Entry[] => {
      try {
        const said: unknown = JSON.parse(line);
        return isSaid(said) ? [{ kind: said.type, text: said.text }] : [];
      } catch {
        // A line that a kill cut off.
        return [];
      }
    });
}

function isSaid(value: unknown): value is { type: 'user' | 'agent'; text: string } {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('text' in value)) return false;
  return (value.type === 'user' || value.type === 'agent') && typeof value.text === 'string';
}

function refused(message: string): UserError {
  return new UserError({ code: 'NO_CONVERSATION', exit: exit.failed, message, hint: null });
}
