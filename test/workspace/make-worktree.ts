import { findRepository } from '../../src/git/repository.ts';
import { createWorktree, planWorktree } from '../../src/workspace/worktree.ts';
import { options, request } from './ground.ts';

/** A process of its own that makes a worktree in the current folder's repository: to be killed. Says its plan first. */
const repo = await findRepository(process.cwd());
const plan = await planWorktree(request(repo));
process.stdout.write(`${JSON.stringify(plan)}\n`);
await createWorktree(repo, plan, options('op-killed'));
