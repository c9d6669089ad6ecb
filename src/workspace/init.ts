import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEAM_FILE } from '../config/files.ts';
import { findRepository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { programRoot } from '../lib/program.ts';
import { type Fit, fitTo } from './fit.ts';

export interface Initialised {
  /** The file that was written. */
  readonly path: string;
  readonly overwritten: boolean;
  /** What the repository was found to have. */
  readonly found: Fit;
}

/**
 * Writes a commented swarm.yaml, fitted to the repository, at its root.
 * @throws UserError (exit 4) when there is one and `force` is false; (exit 2) in a bare repository.
 */
export async function initConfig(cwd: string, force: boolean): Promise<Initialised> {
  const repo = await findRepository(cwd);
  if (repo.bare) throw bare(repo.root);
  const path = join(repo.root, TEAM_FILE);
  const overwritten = existsSync(path);
  if (overwritten && !force) throw exists(path);
  const found = await fitTo(repo.root);
  const template = readFileSync(join(programRoot(), 'templates', TEAM_FILE), 'utf8');
  // Whole or not at all: a config that ends in the middle would be read.
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, fillIn(template, found));
  renameSync(draft, path);
  return { path, overwritten, found };
}

/** The template with what was found in place of its defaults. */
export function fillIn(template: string, { copy, exclude, postCreate, dev }: Fit): string {
  let text = template;
  if (copy.length > 0) text = say(text, 'files', 'copy', copy);
  if (exclude.length > 0) text = say(text, 'files', 'exclude', exclude);
  if (postCreate.length > 0) text = say(text, 'hooks', 'post_create', postCreate);
  if (dev !== null) text = say(text, 'dev', 'command', dev);
  return text;
}

/** Takes the '#' off a section's line and puts a value behind one of its keys. */
function say(template: string, section: string, key: string, value: string | readonly string[]): string {
  const pattern = new RegExp(`^#?${section}:\\n((?:#?  .*\\n)*?)#  ${key}: .*\\n`, 'mu');
  if (!pattern.test(template)) throw new TypeError(`the template has no ${section}.${key}`);
  const said = typeof value === 'string' ? ` ${quoted(value)}` : value.map((one) => `\n    - ${quoted(one)}`).join('');
  return template.replace(pattern, (_, between: string) => `${section}:\n${between}  ${key}:${said}\n`);
}

/** YAML reads it back as the same text; quoted only where it must be. */
function quoted(text: string): string {
  return /^[A-Za-z./][\w ./$="&()@:-]*$/.test(text) && !/: |:$| $/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

function exists(path: string): UserError {
  return new UserError({
    code: 'CONFIG_EXISTS',
    exit: exit.refused,
    message: `${path} exists already, and would be overwritten.`,
    hint: 'swarm init --force',
    details: { path },
  });
}

function bare(root: string): UserError {
  return new UserError({
    code: 'BARE_REPOSITORY',
    exit: exit.usage,
    message: `${root} is a bare repository: its swarm.yaml lives on the default branch.`,
    hint: 'Run swarm init in a clone of it, then commit and push swarm.yaml.',
    details: { root },
  });
}
