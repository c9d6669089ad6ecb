import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../lib/program.ts';

/** What the build writes down of a flag: enough for help, completion and suggestions without loading the command. */
export interface FlagEntry {
  readonly name: string;
  readonly type: 'boolean' | 'option';
  readonly char?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly helpGroup?: string;
  readonly helpValue?: string;
  readonly hidden?: boolean;
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly options?: readonly string[];
  readonly default?: unknown;
}

export interface ArgEntry {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
}

export interface CommandEntry {
  /** Words joined by colons: `path`, `task:add`. */
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly hidden?: boolean;
  /** Other names, typed the same way. */
  readonly aliases?: readonly string[];
  /** False when more words than the named arguments are taken. */
  readonly strict?: boolean;
  readonly usage?: string | readonly string[];
  readonly examples?: readonly (string | { readonly description: string; readonly command: string })[];
  readonly args: Readonly<Record<string, ArgEntry>>;
  readonly flags: Readonly<Record<string, FlagEntry>>;
}

/** All commands, as the build wrote them down. */
export function readManifest(): ReadonlyMap<string, CommandEntry> {
  const text = readFileSync(join(programRoot(), 'oclif.manifest.json'), 'utf8');
  const { commands } = JSON.parse(text) as { commands: Readonly<Record<string, CommandEntry>> };
  return new Map(Object.entries(commands));
}

/** The command of a name or another name of its. */
export function commandNamed(commands: ReadonlyMap<string, CommandEntry>, id: string): CommandEntry | null {
  return commands.get(id) ?? [...commands.values()].find(({ aliases }) => aliases?.includes(id)) ?? null;
}

/** `task:add` → `task add`, as it is typed. */
export function typed(id: string): string {
  return id.replaceAll(':', ' ');
}

/** The built file of a command, or null when there is no such command. */
export function commandFile(id: string): string | null {
  // The id comes from the command line: only what can be a file of ours may become part of a path.
  if (!/^[a-z_][\w-]*(?::[a-z_][\w-]*)*$/.test(id)) return null;
  const file = join(programRoot(), 'dist', 'commands', `${id.replaceAll(':', '/')}.js`);
  return existsSync(file) ? file : null;
}
