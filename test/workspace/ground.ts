import type { Repository } from '../../src/git/repository.ts';
import type { WorktreeOptions, WorktreeRequest } from '../../src/workspace/worktree.ts';

/** Options for a single process: its own queue is lock enough. */
export function options(operation = 'op-1'): WorktreeOptions {
  let last: Promise<unknown> = Promise.resolve();
  return {
    operation,
    lock: (_name, work) => {
      const mine = last.then(work);
      last = mine.catch(() => null);
      return mine;
    },
  };
}

/** What `swarm spawn ticket-1` asks for, or something else. */
export function request(
  repo: Repository,
  more: Partial<Omit<WorktreeRequest, 'repo' | 'config'>> & { readonly dir?: string } = {},
): WorktreeRequest {
  const { dir, ...rest } = more;
  return {
    repo,
    config: { dir: dir ?? '../{{repo}}.worktrees', branch: '{{ticket}}', base: null, guard: true },
    agentName: 'worker-1',
    ticket: 'ticket-1',
    ...rest,
  };
}
