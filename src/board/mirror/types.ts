import type { TaskContext, TaskStatus } from '../tasks/types.ts';

/** A task as `tasks.json` has it (S1-14), with what swarm knows beside that. */
export interface FileTask {
  readonly id: string;
  readonly description: string;
  readonly status: TaskStatus;
  readonly claimed_by: string | null;
  readonly priority: number;
  readonly dependencies: readonly string[];
  readonly context: TaskContext;
  readonly scope: readonly string[];
  readonly needs: readonly string[];
  /** Why it is as it is. */
  readonly reason: string | null;
  /** Of the file, when this task changed last in it: says on what an edit was made. */
  readonly version: number;
}

/** An edit that was not taken, and why. */
export interface Rejection {
  readonly at: string;
  /** Null: it is about the whole file. */
  readonly task: string | null;
  /** Whom the edit speaks for. */
  readonly by: string | null;
  /** What was wanted. */
  readonly edit: unknown;
  readonly code: string;
  readonly reason: string;
  readonly hint: string | null;
}

/** What a file is to hold: a text, or a document that gets a version. */
export type Content = string | Readonly<Record<string, unknown>>;
