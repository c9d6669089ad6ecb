import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/cli/manifest.ts';
import { root } from '../support/program.ts';

const dist = join(root, 'dist');

/** The built files that an entry loads before it does anything: what it imports at its top, and so on. */
function loadedBy(entry: string, seen = new Set<string>()): Set<string> {
  const file = resolve(dist, entry);
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, name = ''] of text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?["'](\.[^"']+)["'];?$/gm)) {
    loadedBy(relative(dist, join(dirname(file), name)), seen);
  }
  return seen;
}

/** The files that a built file was made of; the bundler's own helpers have none. */
function sourcesOf(file: string): string[] {
  if (!existsSync(`${file}.map`)) return [];
  return (JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] }).sources;
}

/** Packages and built-in modules inside of what an entry loads. */
function modulesOf(entry: string): Set<string> {
  const found = new Set<string>();
  for (const file of loadedBy(entry)) {
    for (const source of sourcesOf(file)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
      found.add(name ?? relative(root, resolve(dirname(file), source)));
    }
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/from "(node:[^"]+)"/g)) found.add(name);
  }
  return found;
}

/** oclif is rewritten by the build, which leaves it without a source map: known by one of its classes. */
function loadsOclif(entry: string): boolean {
  return [...loadedBy(entry)].some((file) => readFileSync(file, 'utf8').includes('CLIParseError'));
}

const HEAVY = ['ink', 'react', '@modelcontextprotocol/server', 'zod', 'yaml'];
const DATABASE = ['kysely', 'node:sqlite'];
const commands = [...readManifest().keys()].map((id) => `commands/${id.replaceAll(':', '/')}.js`);

describe('what a call loads before it does anything', () => {
  it('sees the modules inside of the built files', () => {
    expect(modulesOf('commands/doctor.js')).toContain('src/cli/doctor/index.ts');
    expect(modulesOf('commands/doctor.js')).toContain('execa');
    expect(loadsOclif('commands/doctor.js')).toBe(true);
  });

  it('the program itself: not the command framework, not the database', () => {
    const modules = modulesOf('main.js');
    for (const name of [...HEAVY, ...DATABASE, '@oclif/core', 'execa', 'simple-git'])
      expect(modules).not.toContain(name);
  });

  it.each(commands.filter((file) => !/^commands\/(?:tui|mcp|config\/)/.test(file)))(
    '%s: no screen, no protocol, no schema',
    (file) => {
      const modules = modulesOf(file);
      for (const name of HEAVY) expect(modules, `${file} loads ${name}`).not.toContain(name);
    },
  );

  it.each(['commands/completion.js', 'commands/__complete.js'])('%s: no database', (file) => {
    const modules = modulesOf(file);
    for (const name of DATABASE) expect(modules).not.toContain(name);
  });
});
