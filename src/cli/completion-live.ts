import { oneLine } from '../lib/text.ts';
import type { Candidate } from './completion.ts';

// Everything here is loaded on use: most completions need none of it, and they must be quick.

/** The agents of the session around a folder, read without touching the database. */
export async function agentCandidates(folder: string): Promise<Candidate[]> {
  const { findRepository } = await import('../git/repository.ts');
  const { peekRows } = await import('../store/peek-rows.ts');
  const { stateDir } = await findRepository(folder);
  const rows = peekRows<{ name: string; ticket: string | null; status: string }>(
    stateDir,
    'swarm.db',
    'select name, ticket, status from agents order by created_at',
  );
  return rows.map(({ name, ticket, status }) => ({
    value: name,
    description: oneLine([status, ticket ?? ''].join(' ')),
  }));
}

/** The tasks on the board, those that can still be worked on first. */
export async function taskCandidates(folder: string): Promise<Candidate[]> {
  const { findRepository } = await import('../git/repository.ts');
  const { peekRows } = await import('../store/peek-rows.ts');
  const { stateDir } = await findRepository(folder);
  const rows = peekRows<{ id: string; status: string; description: string }>(
    stateDir,
    'swarm.db',
    "select id, status, description from tasks order by status in ('done', 'failed'), seq",
  );
  return rows.map(({ id, status, description }) => ({ value: id, description: oneLine(`${status} ${description}`) }));
}

/** Local and remote branches and tags. */
export async function branchCandidates(folder: string): Promise<Candidate[]> {
  const { git } = await import('../git/git.ts');
  const format = '--format=%(refname:short)%09%(contents:subject)';
  const text = await git(folder).run(['for-each-ref', format, 'refs/heads', 'refs/remotes', 'refs/tags']);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [value = '', description = ''] = line.split('\t');
      return { value, description: oneLine(description) };
    });
}

/** The agent CLIs that swarm knows. */
export async function cliCandidates(): Promise<Candidate[]> {
  const { KNOWN_CLIS } = await import('../agents/clis/index.ts');
  return KNOWN_CLIS.map(({ name, title }) => ({ value: name, description: title }));
}
