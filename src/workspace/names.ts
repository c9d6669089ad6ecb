import { createHash } from 'node:crypto';
import { isBranchName, localBranchesLike } from '../git/branches.ts';
import { branchesInTheWay } from '../git/namesakes.ts';
import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { renderTemplate } from '../lib/template.ts';
import { oneLine, stripControls } from '../lib/text.ts';

/**
 * Longest name made from a ticket, in bytes. File systems take 255 for one part of a path, of which git needs five for
 * its lock, and people and remotes add to it.
 */
const LONGEST = 120;
/** Longest slug of a prompt, in characters: it has to fit a table. */
const SLUG = 40;
/** What a branch's name may hold without quoting in a shell: letters and digits of any script, and these. */
const UNSAFE = /[^\p{L}\p{M}\p{N}/._+=@,-]+/gu;
/** Names that git reads as something else than a branch. */
const RESERVED = /^(?:@|[A-Z_]*HEAD|refs\/.*|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * The branch for a ticket by the `worktrees.branch` template. Without a ticket the agent's name stands for it.
 * @throws UserError BAD_TICKET (2) when nothing usable is left of it.
 */
export async function branchForTicket(
  repo: Repository,
  options: { readonly template: string; readonly ticket: string | null; readonly agent: string },
): Promise<string> {
  const ticket = safeName(options.ticket ?? options.agent);
  const known = { ticket, agent: safeName(options.agent) };
  const name = ticket === '' ? '' : shorten(renderTemplate(options.template, known, 'worktrees.branch'));
  if (name !== '' && !RESERVED.test(name) && (await isBranchName(repo, name))) return name;
  const shown = oneLine(options.ticket ?? options.agent, 60);
  throw new UserError({
    code: 'BAD_TICKET',
    exit: exit.usage,
    message: `No branch can be named after the ticket '${shown}'${name === '' ? '' : ` ('${name}' has a meaning of its own for git)`}.`,
    hint: `swarm spawn TICKET --branch ${RESERVED.test(name) ? `ticket-${safeName(name)}` : 'my-branch'}`,
    details: { ticket: options.ticket, branch: name === '' ? null : name },
  });
}

/** A name that a person chose is taken as it is. @throws UserError BAD_BRANCH (2) when git would not. */
export async function requireBranchName(repo: Repository, name: string): Promise<string> {
  const reserved = RESERVED.test(name);
  if (!reserved && Buffer.byteLength(name) <= 240 && (await isBranchName(repo, name))) return name;
  const near = safeName(name.replace(/^refs\/heads\//, ''));
  const usable = near !== '' && near !== name && !RESERVED.test(near);
  throw new UserError({
    code: 'BAD_BRANCH',
    exit: exit.usage,
    message: `'${oneLine(name, 60)}' can't be a branch's name${reserved ? ': it has a meaning of its own for git' : ''}.`,
    hint: `--branch ${usable ? near : 'my-branch'}`,
    details: { branch: name },
  });
}

/**
 * A text as a name that git and shells take without quoting, '' when nothing of it can stay. Parts between slashes
 * stay parts. Different texts may give the same name.
 */
export function safeName(text: string): string {
  const parts = stripControls(text.replaceAll('\\', '/'))
    .normalize('NFC')
    .trim()
    .replace(UNSAFE, '-')
    .replace(/\.{2,}/g, '.')
    .split('/')
    .map((part) =>
      part
        .replace(/-{2,}/g, '-')
        .replace(/(?:\.lock)+$/i, '')
        .replace(/^[-.]+|[-.]+$/g, ''),
    );
  return shorten(parts.filter((part) => part !== '').join('/'));
}

/** Cut to the limit; what was cut off is told apart by six digits of its hash. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  let short = '';
  for (const point of name) {
    if (Buffer.byteLength(short + point) > LONGEST - 7) break;
    short += point;
  }
  return `${short.replace(/[-./]+$/, '')}-${hash}`;
}

/** The first of `ticket-42`, `ticket-42-2`, `ticket-42-3` … that is neither a branch nor in the way of one, nor in `taken`. */
export async function uniqueBranch(repo: Repository, base: string, taken: readonly string[]): Promise<string> {
  const used = new Set([...taken, ...(await localBranchesLike(repo, base))]);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!used.has(name) && (await branchesInTheWay(repo, name)).length === 0) return name;
  }
}

/** A ticket from a prompt: its first words in lower-case ASCII, `task-<hash>` when it has none. */
export function ticketSlug(prompt: string): string {
  const text = stripControls(prompt);
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words.slice(0, 6)) {
    const longer = slug === '' ? word.slice(0, SLUG) : `${slug}-${word}`;
    if (longer.length > SLUG) break;
    slug = longer;
  }
  // A bare number would be taken for an agent's.
  if (/^[\d-]*$/.test(slug)) slug = '';
  return slug || `task-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
}
