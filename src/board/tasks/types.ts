import type { TaskRow } from '../../store/board-schema.ts';

export type TaskStatus = TaskRow['status'];
export const TASK_STATUSES: readonly TaskStatus[] = ['available', 'claimed', 'blocked', 'done', 'failed'];

/** Priority of a task that says none: 1 is first (design: section 3). */
export const DEFAULT_PRIORITY = 3;

/** Whatever a worker should know beside the description. */
export interface TaskContext {
  readonly files: readonly string[];
  readonly hints: string;
}

export interface TaskResult {
  readonly summary: string;
  /** The commit that holds the work; null when there is none. */
  readonly commit: string | null;
  /** Name of who reported it. */
  readonly by: string;
  readonly at: string;
}

/** A task as `--json` shows it (design: section 7, and what the rest of the program needs). */
export interface Task {
  readonly id: string;
  readonly description: string;
  readonly status: TaskStatus;
  /** 1 is first. */
  readonly priority: number;
  readonly dependencies: readonly string[];
  readonly context: TaskContext;
  /** Patterns of the files that it changes: no two running tasks overlap. */
  readonly scope: readonly string[];
  /** What whoever claims it must be capable of. */
  readonly needs: readonly string[];
  /** A name. */
  readonly claimedBy: string | null;
  /** How often it was claimed. */
  readonly attempt: number;
  /** How often it came back because its claim lapsed or its agent died, since a leader put it back last. */
  readonly strandings: number;
  /** Without a sign of life until then it goes back to the queue. */
  readonly leaseUntil: string | null;
  readonly result: TaskResult | null;
  /** Why it is as it is: blocked, failed, given back. */
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly doneAt: string | null;
  /** Grows with every change. */
  readonly version: number;
}

/** What somebody wants done. */
export interface TaskWish {
  readonly description: string;
  readonly priority?: number | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly context?: Partial<TaskContext> | undefined;
  readonly scope?: readonly string[] | undefined;
  readonly needs?: readonly string[] | undefined;
}
