import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { mergeFiles } from '../../src/config/layers.ts';
import type { Fit } from '../../src/workspace/fit.ts';
import { fillIn } from '../../src/workspace/init.ts';
import { useWorld } from '../support/world.ts';

const template = readFileSync('templates/swarm.yaml', 'utf8');
const uncommented = template.replace(/^#(?=[a-z]| {2})/gmu, '');

function read(text: string) {
  return mergeFiles([{ layer: 'team', file: 'swarm.yaml', text, trusted: false }], {}).raw;
}

describe('the template', () => {
  test('says nothing but the version', () => {
    expect(parse(template)).toEqual({ version: 1 });
  });

  test('has every key with its default, and an example of an agent CLI of one’s own', () => {
    const { agents, ...rest } = read(uncommented);
    const { agents: _, ...defaults } = DEFAULTS;
    expect(rest).toEqual(defaults);
    expect(Object.keys(parse(uncommented))).toEqual(['version', ...Object.keys(DEFAULTS)]);
    expect(agents['mybot']).toMatchObject({ command: ['python3', 'bot.py'], waiting: '\\(y/n\\)' });
  });

  test('takes what was found, whatever characters it has', () => {
    const odd = [
      "it's: #1",
      '- x',
      '&a',
      'a \\ "b" $PORT',
      '{x}',
      '*.env',
      '!not',
      '@b',
      'yes',
      '12',
      'tab\there',
      ' lead',
    ];
    const raw = read(fillIn(template, { copy: odd, exclude: odd, postCreate: odd, dev: 'a: \'b\' # "$PORT"' }));
    expect([raw.files.copy, raw.files.exclude, raw.hooks.post_create]).toEqual([odd, odd, odd]);
    expect(raw.dev.command).toBe('a: \'b\' # "$PORT"');
  });
});

describe('swarm init', () => {
  const world = useWorld();

  async function init(): Promise<Fit> {
    const result = await world.swarm(['init', '--json']);
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    const { path, overwritten, found } = result.jsonAs<{ path: string; overwritten: boolean; found: Fit }>();
    expect([path, overwritten]).toEqual([join(world.repo, 'swarm.yaml'), false]);
    expect((await world.swarm(['config', 'validate'])).exitCode).toBe(0);
    expect(read(readFileSync(path, 'utf8')).hooks.post_create).toEqual(found.postCreate);
    return found;
  }

  const manifest = (scripts: object, more: object = {}) => JSON.stringify({ name: 'x', scripts, ...more });

  test('an empty repository gets the defaults', async () => {
    expect(await init()).toEqual({ copy: [], exclude: [], postCreate: [], dev: null });
  });

  test('npm, env files, a vite dev server; from a linked worktree it writes to the main one', async () => {
    world.write('package.json', manifest({ dev: 'vite' }));
    world.write('package-lock.json', '{}');
    for (const file of [
      '.env',
      '.env.local',
      '.env.production',
      '.env.example',
      'apps/a/.env',
      'node_modules/x/.env',
    ]) {
      world.write(file, '');
    }
    world.write('apps/a/index.js', '');
    world.write('.gitignore', 'node_modules\n.env*\n');
    await world.git(['add', 'apps/a/index.js', '.gitignore']);
    await world.git(['worktree', 'add', '-q', join(world.dir, 'linked')]);
    const result = await world.swarm(['init'], { cwd: join(world.dir, 'linked') });
    expect(result.stdout).toContain(join(world.repo, 'swarm.yaml'));
    expect(result.stdout).toContain('swarm spawn TICKET');
    const { files, hooks, dev } = read(readFileSync(join(world.repo, 'swarm.yaml'), 'utf8'));
    expect(files).toEqual({ copy: ['.env', '.env.local', 'apps/a/.env'], exclude: ['.env.production'], link: [] });
    expect([hooks.post_create, dev.command]).toEqual([['npm ci'], 'npm run dev -- --port "$PORT"']);
  });

  test('a pnpm workspace whose one app has a dev script', async () => {
    world.write('package.json', manifest({ build: 'x' }));
    world.write('pnpm-lock.yaml', '');
    world.write('pnpm-workspace.yaml', 'packages:\n  # apps\n  - "apps/*"\n  - libs/*\n');
    world.write('apps/web app/package.json', manifest({ dev: 'node server.js' }));
    world.write('libs/a/package.json', manifest({}));
    const dev = `cd 'apps/web app' && PORT="$PORT" pnpm run dev`;
    expect(await init()).toMatchObject({ postCreate: ['pnpm install --frozen-lockfile'], dev });
  });

  test('yarn workspaces with two apps: which dev server is not clear; parts in other languages are installed too', async () => {
    world.write('package.json', manifest({}, { workspaces: { packages: ['apps/*'] } }));
    world.write('yarn.lock', '');
    for (const app of ['a', 'b']) world.write(`apps/${app}/package.json`, manifest({ dev: 'vite' }));
    world.write('api/uv.lock', '');
    world.write('front/package.json', manifest({}));
    world.write('front/package-lock.json', '{}');
    const postCreate = ['yarn install --frozen-lockfile', 'cd api && uv sync', 'cd front && npm ci'];
    expect(await init()).toMatchObject({ postCreate, dev: null });
  });

  test('a script that names $PORT needs no help; a broken package.json does not stop it', async () => {
    world.write('package.json', manifest({ start: 'serve -p $PORT' }));
    world.write('bun.lock', '');
    expect(await init()).toMatchObject({ postCreate: ['bun install --frozen-lockfile'], dev: 'bun run start' });
    world.write('package.json', '{');
    expect((await world.swarm(['init', '--force'])).exitCode).toBe(0);
  });

  test('does not overwrite without --force', async () => {
    writeFileSync(join(world.repo, 'swarm.yaml'), 'agent: codex\n');
    const refused = await world.swarm(['init', '--json']);
    expect(refused.exitCode).toBe(4);
    expect(refused.jsonAs<{ error: unknown }>().error).toMatchObject({
      code: 'CONFIG_EXISTS',
      hint: 'swarm init --force',
    });
    expect(readFileSync(join(world.repo, 'swarm.yaml'), 'utf8')).toBe('agent: codex\n');
    const forced = await world.swarm(['init', '--force', '--json']);
    expect(forced.jsonAs<{ overwritten: boolean }>().overwritten).toBe(true);
  });
});
