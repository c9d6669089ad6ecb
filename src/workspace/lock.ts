/** Lets one process at a time do what git can't do in parallel. The caller says how processes agree. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** The lock's name for writes to the repository's configuration, whose lock file git does not wait for. */
export const CONFIG_LOCK = 'git-config';

export interface WorktreeOptions {
  /** The journal's id: it marks what is made, and git's processes. */
  readonly operation: string;
  readonly lock: Lock;
}
