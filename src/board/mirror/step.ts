import type { FileTask } from './types.ts';

/** What an edit of `status` and `claimed_by` means. */
export type Step =
  | { readonly do: 'claim' | 'complete'; readonly by: string }
  /** Null: nobody in particular. */
  | { readonly do: 'release' | 'reopen' | 'fail' | 'block'; readonly by: string | null }
  /** Half of an edit: the other half may come. */
  | { readonly do: 'wait'; readonly code: string; readonly reason: string }
  | { readonly do: 'refuse'; readonly code: string; readonly reason: string };

/** Null when neither is new. */
export function stepOf(base: FileTask, task: FileTask): Step | null {
  const { id, status, claimed_by: name } = task;
  const isNew = status !== base.status;
  if (!isNew && name === base.claimed_by) return null;
  const owner = base.status === 'claimed' ? base.claimed_by : null;
  if (owner !== null && name !== null && name !== owner) {
    return refuse('NOT_YOURS', `${id} is claimed by ${owner}: nobody else can take it or end it`);
  }
  if (status === 'claimed') return claim(task);
  if (status === 'done') return complete(base, task);
  if (status === 'available') {
    // Only the name: somebody who forgot the other half of a claim.
    if (!isNew) return name === null ? null : { do: 'claim', by: name };
    if (base.status === 'done') return refuse('TASK_DONE', `${id} is done; swarm task release ${id} puts it back`);
    return owner === null ? { do: 'reopen', by: null } : { do: 'release', by: owner };
  }
  if (!isNew) return refuse('NOT_YOURS', `${id} is ${status}: a name alone changes nothing there`);
  return { do: status === 'failed' ? 'fail' : 'block', by: name ?? owner };
}

function claim({ id, claimed_by: name }: FileTask): Step {
  if (name !== null) return { do: 'claim', by: name };
  return { do: 'wait', code: 'NO_NAME', reason: `a claim of ${id} needs a name in claimed_by, beside the status` };
}

function complete(base: FileTask, { id, claimed_by: name }: FileTask): Step {
  const by = name ?? base.claimed_by;
  if (base.status === 'done') return refuse('TASK_DONE', `${id} was done by ${base.claimed_by}; that stays as it is`);
  if (by !== null) return { do: 'complete', by };
  return refuse('NOT_CLAIMED', `${id} was claimed by nobody: whoever works on a task claims it first`);
}

const refuse = (code: string, reason: string): Step => ({ do: 'refuse', code, reason });
