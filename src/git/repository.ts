/** The repository that a session belongs to. Paths are absolute and real (no links). */
export interface Repository {
  /** The folder that holds refs and objects: what makes a repository itself, seen from any of its worktrees. */
  readonly commonDir: string;
  /** The main worktree; the bare repository's own folder when there is none. */
  readonly root: string;
  readonly bare: boolean;
  /** Last part of `root`, without `.git`. */
  readonly name: string;
  /** The worktree that swarm was called from; null in a bare repository's own folder. */
  readonly worktree: string | null;
  /** `<commonDir>/swarm`: the session's state. Inside the git folder, so that `git clean -fdx` can't lose it. */
  readonly stateDir: string;
}
