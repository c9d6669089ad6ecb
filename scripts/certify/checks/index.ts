import { BOARD } from './board.ts';
import { FAILURES } from './failures.ts';
import { LIFE } from './life.ts';
import { PROMPTS } from './prompts.ts';
import { QUESTIONS } from './questions.ts';
import { START } from './start.ts';
import { TURNS } from './turns.ts';
import type { Check } from './types.ts';

/** All checks, in the order in which they are made: each leaves the agent as the next one needs it, or it is started again. */
export const CHECKS: readonly Check[] = [...START, ...PROMPTS, ...TURNS, ...QUESTIONS, ...FAILURES, ...BOARD, ...LIFE];
