import type { Delivery } from '../types.ts';

/** How the demo tells what it does while it does it. */
export interface DemoDoor {
  /** Something that swarm or the demo has done. */
  step(text: string): void;
  /** A command line, as a person would type it. */
  command(argv: readonly string[]): void;
  /** Something that an agent does. */
  news(agent: string, text: string): void;
}

/** One thing that had to be so. */
export interface Check {
  /** Null: it is about all of them. */
  readonly agent: string | null;
  /** What had to be so. */
  readonly what: string;
  readonly ok: boolean;
  /** What was found instead; null when it was so. */
  readonly found: string | null;
}

export interface DemoCommit {
  readonly oid: string;
  readonly subject: string;
}

/** What became of one agent. */
export interface DemoAgent {
  readonly agent: string;
  readonly branch: string;
  /** The oldest first. */
  readonly commits: readonly DemoCommit[];
  readonly files: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  /** Of its prompts, in their order. */
  readonly deliveries: readonly Delivery[];
}

/** Where what `--keep` kept is. */
export interface Kept {
  readonly repository: string;
  /** What a shell needs so that swarm finds this team. */
  readonly env: Readonly<Record<string, string>>;
  /** Command lines to look around with, in their order. */
  readonly commands: readonly string[];
  /** The command line that removes everything. */
  readonly remove: string;
}

export interface DemoResult {
  /** Whether every check held. */
  readonly ok: boolean;
  /** Milliseconds. */
  readonly ms: number;
  readonly agents: readonly DemoAgent[];
  readonly checks: readonly Check[];
  readonly kept: Kept | null;
}
