import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, Delivery } from '../types.ts';
import type { Job } from './jobs.ts';
import { type Scratch, scratchGit } from './scratch.ts';
import type { DemoAgent } from './types.ts';

/** What is to be seen of an agent when the demo is over, without asking the agent or swarm. */
export interface Evidence {
  readonly job: Job;
  readonly agent: Agent;
  readonly team: DemoAgent;
  /** What the worktree has that no commit has. */
  readonly dirty: string;
  /** Of its branch; null when there is none. */
  readonly proof: string | null;
  /** In its worktree; null when there is none. */
  readonly env: string | null;
  readonly setup: string | null;
  /** What its own conversation says that it was asked. */
  readonly asked: readonly string[];
}

/** Reads the branch, the worktree and the conversation of an agent. */
export async function gather(
  scratch: Scratch,
  job: Job,
  agent: Agent,
  deliveries: readonly Delivery[],
): Promise<Evidence> {
  const branch = agent.branch ?? '';
  const worktree = agent.worktree ?? '';
  const git = scratchGit(scratch.repo);
  const log = await git('log', '--reverse', '--format=%H %s', `main..${branch}`);
  const commits = lines(log).map((line) => ({
    oid: line.slice(0, line.indexOf(' ')),
    subject: line.slice(line.indexOf(' ') + 1),
  }));
  const files = lines(await git('diff', '--name-only', '--no-renames', `main...${branch}`));
  return {
    job,
    agent,
    team: { agent: agent.name, branch, commits, files, ports: agent.ports, deliveries },
    dirty: await scratchGit(worktree)('status', '--porcelain'),
    proof: await git('show', `${branch}:${job.proof.file}`).catch(() => null),
    env: textOf(join(worktree, '.env')),
    setup: textOf(join(worktree, '.setup')),
    asked: promptsIn(textOf(join(scratch.conversations, `${agent.sessionId}.jsonl`)) ?? ''),
  };
}

/** The main checkout as git and the file system see it: branch, commit, changes, files that git ignores. */
export async function stateOfCheckout(scratch: Scratch): Promise<string> {
  const git = scratchGit(scratch.repo);
  const [head, status] = await Promise.all([
    git('rev-parse', 'HEAD', '--abbrev-ref', 'HEAD'),
    git('status', '--porcelain', '--ignored'),
  ]);
  return `${head}${status}${textOf(join(scratch.repo, '.env'))}`;
}

/** Null when it can't be read. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function promptsIn(conversation: string): string[] {
  return lines(conversation).flatMap((line) => {
    const said = JSON.parse(line) as { readonly type: string; readonly text?: string };
    return said.type === 'user' ? [said.text ?? ''] : [];
  });
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
