/** Exit codes of the program (design: section 6). */
export const exit = {
  done: 0,
  /** A bug, a failed step, an agent that died, a command of the user's that failed. */
  failed: 1,
  /** Wrong usage, bad config, not a repository. */
  usage: 2,
  /** No such agent, ticket, port, … */
  notFound: 3,
  /** Refused to protect work, or lacking consent. */
  refused: 4,
  /** Something needed is missing: tmux, git, an agent CLI, a free port. */
  missing: 5,
  /** Not delivered, or timed out. */
  undelivered: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface UserErrorInit {
  /** What happened and what was expected, in one or two sentences without a trailing newline. */
  readonly message: string;
  /** SCREAMING_SNAKE name for scripts. */
  readonly code: string;
  readonly exit: ExitCode;
  /** What to type next: ends in a command that can be copied. Null where nothing can be typed. */
  readonly hint: string | null;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** Something the user can mend. Shown without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string | null;
  readonly details: ErrorDetails;

  constructor(init: UserErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.exit = init.exit;
    this.hint = init.hint;
    this.details = init.details ?? {};
  }
}

/** Something only we can mend: shown with its stack and how to report it. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, …), or null. */
export function errnoOf(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return null;
}
