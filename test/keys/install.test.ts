import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { STOCK } from '../../src/tmux/conf-bound.ts';
import { replaceConfig } from '../../src/tmux/conf-file.ts';
import { documentOf } from '../e2e/support.ts';
import { root } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

describe('swarm keys', () => {
  const world = useWorld();
  const conf = () => join(world.home, '.tmux.conf');
  const write = (text: string, file = conf()) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, 'latin1');
  };
  const read = (file = conf()) => readFileSync(file, 'latin1');
  const keys = async (...words: string[]) => {
    const result = await world.swarm(['keys', ...words, '--json']);
    expect(result).toMatchObject({ exitCode: 0 });
    return documentOf('keys', result).keys;
  };
  const refused = async (words: readonly string[], exitCode: number) => {
    const result = await world.swarm(['keys', ...words, '--json']);
    expect(result).toMatchObject({ exitCode });
    return documentOf('error', result).error;
  };
  const startServer = () => world.tmux(['new-session', '-d', '-x', '100', '-y', '30', '-s', 'mine', '/bin/sh']);
  const bound = async () => {
    const { stdout } = await world.tmux(['list-keys', '-T', 'prefix']);
    return Array.from(
      stdout.matchAll(/^bind-key +-T prefix +(\S+) +run-shell -C .*@swarm_key_/gm),
      (match) => match[1],
    );
  };
  const option = async (name: string) => (await world.tmux(['show-options', '-gqv', name])).stdout.trim();
  const ALL = ['A', 'B', 'N', 'P', 'S', 'W'];

  it('writes the block for tmux to read at its start, once, and takes it out byte for byte', async () => {
    const original = 'set -g mouse on\r\n# \u00e9\u00ff\nset -g @last "no line end"';
    write(original);
    chmodSync(conf(), 0o640);
    const first = await keys('install');
    expect(first).toMatchObject({ file: conf(), installed: true, changed: true, applied: false, unbound: [] });
    expect(first.bindings.map(({ key, taken }) => [key, taken])).toEqual(
      ['S', 'W', 'N', 'P', 'B', 'A'].map((key) => [key, null]),
    );
    const once = read();
    expect(once.startsWith(original)).toBe(true);
    expect(statSync(conf()).mode & 0o777).toBe(0o640);
    expect(await keys('install')).toMatchObject({ changed: false });
    expect(read()).toBe(once);
    expect((await world.swarm(['keys', 'print'])).stdout).toBe(`${first.lines.join('\n')}\n`);

    await startServer();
    expect((await world.tmux(['show-messages'])).stdout).not.toMatch(/\.tmux\.conf:\d+/);
    expect(await bound()).toEqual(ALL);
    expect(await keys('remove')).toMatchObject({ installed: false, changed: true, applied: true, unbound: ALL });
    expect(read()).toBe(original);
    expect(readdirSync(world.home).filter((name) => name.startsWith('.tmux'))).toEqual(['.tmux.conf']);
    expect(await refused(['remove'], 3)).toMatchObject({ code: 'NO_KEYS', hint: 'swarm keys install' });
  });

  it('tells a running tmux at once, and leaves nothing in it afterwards', async () => {
    await startServer();
    const settings = async () => {
      const shown = await world.tmux(['show-options', '-g', ';', 'show-options', '-gw', ';', 'list-keys']);
      return shown.stdout;
    };
    const before = await settings();
    expect(await keys('install')).toMatchObject({ applied: true, changed: true });
    expect(await bound()).toEqual(ALL);
    expect(await option('status-right')).toMatch(/^#\{\?@swarm_status,/);
    const after = await settings();
    await world.tmux(['source-file', conf()]);
    expect(await settings()).toBe(after);
    await keys('install', '--no-status');
    expect(await option('status-right')).not.toContain('swarm');
    await keys('remove');
    expect(await settings()).toBe(before);
    expect(existsSync(conf())).toBe(false);
  });

  it('names keys that are taken, by the configuration or in the server, and leaves them alone', async () => {
    write('bind-key N new-window -n mine\n');
    await startServer();
    await world.tmux(['bind-key', 'W', 'display-message', 'mine']);
    const installed = await world.swarm(['keys', 'install']);
    expect(installed.stdout).toMatch(/N {2}not bound \(tmux\.spawn\): taken by bind-key .*new-window/);
    expect(installed.stdout).toMatch(/W {2}not bound \(tmux\.next\): taken by bind-key/);
    expect(await bound()).toEqual(['A', 'B', 'P', 'S']);
    expect((await world.tmux(['list-keys', '-T', 'prefix', 'W'])).stdout).toContain('mine');
    await keys('install', '--force');
    expect(await bound()).toEqual(ALL);
    await world.tmux(['bind-key', 'S', 'new-window']);
    expect(await keys('remove')).toMatchObject({ unbound: ['A', 'B', 'N', 'P', 'W'] });
    expect((await world.tmux(['list-keys', '-T', 'prefix', 'S'])).stdout).toContain('new-window');
  });

  it('takes other keys from the config, without a server too, and gives up the old ones', async () => {
    await startServer();
    await keys('install');
    world.write(
      'swarm.local.yaml',
      "keys: { tmux.popup: C-g, tmux.next: ';', tmux.last: none, tmux.menu: C-g, tmux.send: \"'\" }\n",
    );
    const { bindings, unbound } = await keys('install', '--force');
    expect(bindings.map(({ action, key, taken }) => [action, key, taken])).toEqual([
      ['popup', 'C-g', null],
      ['next', ';', null],
      ['spawn', 'N', null],
      ['send', "'", null],
      ['last', null, null],
      ['menu', 'C-g', 'tmux.popup'],
    ]);
    expect(unbound.toSorted()).toEqual(['A', 'B', 'P', 'S', 'W']);
    expect((await bound()).toSorted()).toEqual(["\\'", '\\;', 'C-g', 'N'].toSorted());
    await world.tmux(['kill-server']);
    world.write('swarm.local.yaml', 'keys: { tmux.popup: c }\n');
    const [popup] = (await keys('install')).bindings;
    expect(popup).toMatchObject({ key: 'c', taken: 'tmux itself' });
    world.write('swarm.local.yaml', 'keys: { tmux.popop: c }\n');
    expect(await refused(['install'], 2)).toMatchObject({ code: 'BAD_CONFIG' });
    world.write('swarm.local.yaml', 'keys: { tmux.popup: "S; kill-server" }\n');
    expect(await refused(['install'], 2)).toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('says that the block was edited, and asks for --force', async () => {
    write('mine\n');
    await keys('install');
    write(read().replace('popup', 'pop-up'));
    const edited = read();
    expect(await refused(['install'], 4)).toMatchObject({ code: 'BLOCK_EDITED' });
    expect(await refused(['remove'], 4)).toMatchObject({ hint: 'swarm keys remove --force' });
    expect(read()).toBe(edited);
    await keys('remove', '--force');
    expect(read()).toBe('mine\n');
    write('# >>> swarm keys >>> half\nbind S x\n');
    expect(await refused(['remove', '--force'], 4)).toMatchObject({ code: 'BLOCK_EDITED' });
  });

  it('goes where tmux reads, through links, and says where it may not write', async () => {
    const xdg = join(world.home, '.config', 'tmux', 'tmux.conf');
    const dotfiles = join(world.dir, 'dotfiles', 'tmux');
    write('mine', dotfiles);
    mkdirSync(dirname(xdg), { recursive: true });
    symlinkSync(dotfiles, xdg);
    expect(await keys('install')).toMatchObject({ file: xdg });
    expect(lstatSync(xdg).isSymbolicLink()).toBe(true);
    expect(read(dotfiles)).toContain('swarm keys');
    await keys('remove');
    expect(read(dotfiles)).toBe('mine');
    expect(lstatSync(xdg).isSymbolicLink()).toBe(true);
    // A link to a file that is not there yet.
    rmSync(dotfiles);
    await keys('install');
    expect(read(dotfiles)).toContain('swarm keys');
    await keys('remove');
    expect([existsSync(dotfiles), lstatSync(xdg).isSymbolicLink()]).toEqual([false, true]);
    mkdirSync(conf());
    expect(await refused(['install'], 4)).toMatchObject({
      code: 'TMUX_CONF_UNUSABLE',
      hint: expect.stringContaining('swarm keys print'),
    });
  });

  it('never writes over what somebody else wrote meanwhile', async () => {
    write('theirs');
    expect(replaceConfig(conf(), 'what was read', 'ours')).toBe(false);
    expect(replaceConfig(conf(), null, 'ours')).toBe(false);
    expect(read()).toBe('theirs');
    expect(readdirSync(world.home).filter((name) => name.startsWith('.tmux'))).toEqual(['.tmux.conf']);
    // What a killed swarm left.
    write('half', `${conf()}.swarm-new`);
    const calls = Array.from({ length: 4 }, () => keys('install'));
    expect((await Promise.all(calls)).filter(({ changed }) => changed)).toHaveLength(1);
    await keys('remove');
    expect(read()).toBe('theirs');
    expect(existsSync(`${conf()}.swarm-new`)).toBe(false);
  });

  it('works outside a repository, and as a plugin that tmux runs', async () => {
    await startServer();
    const { exitCode } = await run(['tmux', '-L', world.socket, 'run-shell', `'${join(root, 'swarm.tmux')}'`], {
      env: world.env,
      cwd: '/',
    });
    expect(exitCode).toBe(0);
    expect(await bound()).toEqual(ALL);
    expect(existsSync(conf())).toBe(false);
    const outside = await world.swarm(['keys', 'install', '--json'], { cwd: '/' });
    expect(outside.exitCode).toBe(0);
  });

  it('knows the keys of tmux itself', async () => {
    const stock = await run(
      ['tmux', '-L', `${world.socket}-stock`, '-f', '/dev/null', 'start-server', ';', 'list-keys', '-T', 'prefix'],
      { env: world.env },
    );
    const names = Array.from(stock.stdout.matchAll(/^bind-key +(?:-r +)?-T prefix +(\S+)/gm), ([, key = '']) =>
      key.replace(/^\\/, ''),
    );
    expect(names.filter((key) => !STOCK.has(key))).toEqual([]);
    expect(names.length).toBeGreaterThan(50);
    rmSync(join('/tmp', `tmux-${userInfo().uid}`, `${world.socket}-stock`), { force: true });
  });
});
