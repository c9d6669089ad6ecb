import { lstatSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { errnoOf, exit, UserError } from '../lib/errors.ts';
import { agentFolder } from './agent-folder.ts';

/**
 * Moves an agent's folder to its new name, and leaves a link at the former one: the running process knows only that,
 * and goes on reporting there. Can be run again after any part of it.
 */
export function moveAgentFolder(repo: Repository, from: string, to: string): void {
  const before = agentFolder(repo, { name: from });
  const after = agentFolder(repo, { name: to });
  if (from === to) return;
  if (isFolder(before)) {
    // A link there is this agent's own former name.
    if (isLink(after)) unlinkSync(after);
    renameSync(before, after);
  }
  if (isFolder(after) && lstatSync(before, { throwIfNoEntry: false }) === undefined) symlinkSync(to, before);
}

/** Removes the links at an agent's former names, once no process reports there any more. */
export function dropFormerNames(repo: Repository, agent: { readonly name: string }): void {
  const own = realOrNull(agentFolder(repo, agent));
  for (const link of links(repo)) if (own !== null && realOrNull(link) === own) rmSync(link, { force: true });
}

/** Former names that lead nowhere. */
export function brokenLinks(repo: Repository): string[] {
  return links(repo).filter((link) => realOrNull(link) === null);
}

/** Names that have a folder (not a link to another one's). */
export function namesWithFolder(repo: Repository): string[] {
  const parent = dirname(agentFolder(repo, { name: 'x' }));
  return entries(parent).filter((name) => isFolder(join(parent, name)));
}

/** What remains of a launch that was not read: it holds an environment. */
export function launchFiles(folder: string): string[] {
  return entries(folder)
    .filter((name) => name.startsWith('launch-'))
    .map((name) => join(folder, name));
}

/**
 * Sees to it that a name can have a folder of its own. `own`: the name that the agent has now.
 * @throws UserError exit 4 when a folder is there, or the process of a renamed agent still reports there.
 */
export function requireFreeFolder(repo: Repository, name: string, own: string | null = null): void {
  const folder = agentFolder(repo, { name });
  if (isLink(folder)) {
    const leadsTo = realOrNull(folder);
    if (leadsTo === null) rmSync(folder, { force: true });
    else if (own === null || leadsTo !== realOrNull(agentFolder(repo, { name: own }))) {
      const holder = basename(leadsTo);
      throw taken(
        name,
        `it was the name of ${holder}, whose process still reports under it`,
        `swarm restart ${holder}`,
      );
    }
  }
  if (isFolder(folder)) throw taken(name, `${folder} is there, of an agent that is gone`, 'swarm repair');
}

function taken(name: string, why: string, hint: string): UserError {
  return new UserError({
    code: 'NAME_TAKEN',
    exit: exit.refused,
    message: `The name '${name}' is not free: ${why}.`,
    hint,
    details: { name },
  });
}

function links(repo: Repository): string[] {
  const parent = dirname(agentFolder(repo, { name: 'x' }));
  return entries(parent)
    .map((name) => join(parent, name))
    .filter(isLink);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
