import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';
import type { Profile } from './types.ts';

/** The agent CLIs that are certified, in the table's order. */
export const PROFILES: readonly Profile[] = [claude, codex, gemini, opencode];
