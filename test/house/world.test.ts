import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { makeWorld, useWorld } from '../support/world.ts';

describe('a world', () => {
  const world = useWorld({ files: { 'src/a.txt': 'a\n' }, swarmYaml: 'version: 1\n' });

  it('has a repository with one commit on main that holds the given files', async () => {
    expect(await world.git(['log', '--format=%s %D'])).toBe('First commit HEAD -> main\n');
    expect(await world.git(['ls-files'])).toBe('README.md\nsrc/a.txt\nswarm.yaml\n');
    expect(await world.git(['status', '--porcelain'])).toBe('');
  });

  it('runs swarm with a home, a state folder and a tmux socket of its own', async () => {
    const { exitCode, stdout } = await world.swarm(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^swarm \d/);
    expect((await world.tmux(['list-sessions'])).exitCode).not.toBe(0);
    expect(existsSync(join(world.home, '.gitconfig'))).toBe(true);
  });

  it('feeds standard input, and tells the exit code of a signal as a shell does', async () => {
    const cat = start(['cat'], { cwd: world.dir, env: world.env, input: 'hello' });
    expect((await cat.result).stdout).toBe('hello');
    const sleep = start(['sleep', '60'], { cwd: world.dir, env: world.env });
    process.kill(sleep.pid, 'SIGTERM');
    expect(await sleep.result).toMatchObject({ exitCode: 143, signal: 'SIGTERM' });
  });
});

describe('a hostile world', () => {
  const world = useWorld({ hostile: true, files: { 'a.txt': 'a\n' } });

  it("lies at a path with a space and a quote, and its git and tmux are set up in somebody's own way", async () => {
    expect(world.repo).toMatch(/ .*'/);
    expect(await world.git(['config', 'status.showUntrackedFiles'])).toBe('no\n');
    expect((await world.tmux(['new-session', '-d', '-s', 'one'])).stderr).toBe('');
    expect((await world.tmux(['show-options', '-gv', 'base-index'])).stdout).toBe('1\n');
    expect((await world.tmux(['show-options', '-gv', 'default-command'])).stdout).toContain('shell-of-mine');
  });
});

describe('what a test leaves behind', () => {
  it('fails the test and names the process', async () => {
    const world = await makeWorld();
    const left = start(['sleep', '600'], { cwd: world.dir, env: world.env });
    await expect(world.dispose(100)).rejects.toThrow(`process left running: ${left.pid}: sleep 600`);
    expect((await left.result).signal).toBe('SIGTERM');
    expect(existsSync(world.dir)).toBe(false);
  });

  it('a tmux server and what runs in it ends with its world', async () => {
    const world = await makeWorld();
    await world.tmux(['new-session', '-d', '-s', 'one', 'exec sleep 600']);
    await world.dispose();
    expect(existsSync(world.dir)).toBe(false);
  });
});

describe('waitFor', () => {
  it('hands over what was looked for', async () => {
    const file = 'package.json';
    expect(await waitFor(() => (existsSync(file) ? readFileSync(file, 'utf8') : null), 'a file')).toContain('"swarm"');
  });

  it('fails with what was seen last', async () => {
    const looking = waitFor((see) => (see(['a prompt']).length > 1 ? true : null), 'the agent to be ready', 50);
    await expect(looking).rejects.toThrow('waited 50 ms for the agent to be ready; seen last:\n[\n  "a prompt"\n]');
    const throwing = waitFor(() => expect(1).toBe(2), 'one to be two', 50);
    await expect(throwing).rejects.toThrow(/expected 1 to be 2/);
  });
});
