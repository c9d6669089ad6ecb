import type { WaitingKind } from '../../../src/agents/screen.ts';
import type { Api } from '../servers/server.ts';
import type { Answer } from '../servers/turn.ts';

/** What is certified, in the table's words and order. */
export const ABILITIES = [
  'its own dialogs are seen',
  'its own dialogs are answered',
  'first prompt, exact and once',
  'prompts typed, exact and once',
  'working while the model answers',
  'idle after the turn',
  'permission: waiting, with its options',
  'permission: approved, the tool ran',
  'question: waiting, with its options',
  'question: answered',
  'API error shown',
  'retry after 503',
  'retry or error after 429',
  'interrupt, then the next prompt',
  'pause and resume, same conversation',
  'it reaches the board over MCP',
  'its hooks are received',
  'its processes are gone after stop',
  'nothing connects elsewhere',
] as const;
export type Ability = (typeof ABILITIES)[number];

/** What certifying one agent CLI takes. */
export interface Profile {
  /** swarm's name for it. */
  readonly name: string;
  readonly title: string;
  /** npm's name for it, and the version that is certified. */
  readonly package: string;
  readonly version: string;
  readonly api: Api;
  /** A package that it would install into a folder of its home. */
  readonly beside?: { readonly package: string; readonly version: string; readonly folder: string };
  /** Files in its home before the first start, by path. `url`: the stand-in's. */
  seed(url: string): Readonly<Record<string, string>>;
  /** Its environment, beside the plain one. */
  env(url: string): Readonly<Record<string, string>>;
  /** Arguments for the CLI. */
  readonly args: readonly string[];
  /** Kinds of its own dialogs at the first start. */
  readonly dialogs: readonly WaitingKind[];
  /** A tool call that it asks permission for. */
  run(command: string): Answer;
  /** A tool call with which the model asks the user; null where the CLI has none. */
  readonly ask: Answer | null;
  /** A call of a tool of swarm's MCP server, as the CLI names those. */
  mcp(name: string, input: object): Answer;
  /** Names of the hook events that one turn with a tool brings. */
  readonly hooks: readonly string[];
  /** A prompt as the model gets it, after what the CLI itself always does to one. */
  taken(prompt: string): string;
  /** What the model got, without what the CLI wraps it in. */
  unwrapped(received: string): string;
  /** What the CLI can't do, and why, in words. */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>;
  /** What else a reader of the table should know. */
  readonly notes: readonly string[];
}

/** The key that every CLI is given; no server asks for a real one. */
export const DUMMY_KEY = 'dummy-key';

/** The question that the model asks, for those tools that take it in this form. */
export const QUESTION = {
  question: 'Which colour shall it be?',
  header: 'Colour',
  options: [
    { label: 'Red', description: 'As a rose' },
    { label: 'Blue', description: 'As the sea' },
  ],
};
