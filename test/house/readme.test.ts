import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withReference } from '../../scripts/reference.ts';
import { readManifest } from '../../src/cli/manifest.ts';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { root } from '../support/program.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const documents = { 'README.md': readme, 'CONTRIBUTING.md': readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8') };
const commands = readManifest();

/** Command lines of swarm in code, blocks and inline: the words behind `swarm`. */
function calls(text: string): string[][] {
  const blocks = Array.from(text.matchAll(/^ *```(?:sh|console)\n([\s\S]*?)^ *```/gm), (match) => match[1] ?? '');
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/ {2,}#.*/, ''));
  const inline = Array.from(
    text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`(?!`)([^`]+)`/g),
    (match) => match[1] ?? '',
  );
  const code = [...lines.filter((line) => /^\s*(?:\$ |→ )?(?:git .* && )?swarm /.test(line)), ...inline];
  return code
    .flatMap((line) => line.replace(/\s+/g, ' ').split(/ (?:&&|\||<) /))
    .flatMap((line) => /(?:^|[$→"(] ?)swarm (.+)$/.exec(line)?.[1] ?? [])
    .map((words) => words.split(' '));
}

describe('the README', () => {
  it('has the command table of these commands (mend it: npm run reference)', () => {
    expect(withReference(readme)).toBe(readme);
  });

  it('names commands and flags that there are', () => {
    const called = calls(readme);
    const unknown = called.flatMap((words) => {
      const [first = '', second = ''] = words;
      const command = commands.get(`${first}:${second}`) ?? commands.get(first);
      if (!command) return /^(?:[A-Z…-]|help$)/.test(first) ? [] : [words.join(' ')];
      const own = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
      const flags = own.flatMap((word) => /^\[?--([a-z-]+)/.exec(word)?.[1] ?? []);
      return flags.filter((flag) => !(flag in command.flags)).map((flag) => `${first} --${flag}`);
    });
    expect(unknown).toEqual([]);
    expect(called.length).toBeGreaterThan(60);
  });

  it('names every section of the config', () => {
    const missing = Object.keys(DEFAULTS).filter((section) => !new RegExp(`\`${section}[.\`]`).test(readme));
    expect(missing).toEqual([]);
  });

  it('has links that lead somewhere, and npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const [name, text] of Object.entries(documents)) {
      const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)\)/g), (match) => match[1] ?? '');
      expect(
        links.filter((link) => !existsSync(join(root, link))),
        name,
      ).toEqual([]);
      const named = Array.from(text.matchAll(/npm run ([\w-]+)/g), (match) => match[1] ?? '');
      expect(
        named.filter((script) => !Object.hasOwn(scripts, script)),
        name,
      ).toEqual([]);
    }
  });
});
