import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionScripts } from '../../src/cli/completion-scripts.ts';
import { run } from '../../src/process/run.ts';
import { openSessionDb } from '../../src/store/open.ts';
import { writeScript } from '../support/hostile.ts';
import { entry, nodeFolder } from '../support/program.ts';
import { useWorld, type World } from '../support/world.ts';

/** The candidates' words. */
async function candidates(world: World, words: readonly string[], cwd = world.repo): Promise<string[]> {
  const { exitCode, stdout, stderr } = await world.swarm(['__complete', '--', ...words], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

async function addAgents(world: World, ...names: string[]): Promise<void> {
  const db = await openSessionDb(join(world.repo, '.git', 'swarm'));
  for (const [index, name] of names.entries()) {
    const at = `2026-01-0${index + 1}T00:00:00.000Z`;
    const times = { since: at, created_at: at, last_activity_at: at };
    const plain = { role: 'worker', cli: 'shell', status: 'idle', unseen: 0, branch_created: 0, worktree_created: 0 };
    const rest = { host: 'here', restarts: 0, args: '[]', options: '{}', ports: '{}', ticket: `ticket-${index}` };
    await db
      .insertInto('agents')
      .values({ id: name, name, ...plain, ...rest, ...times } as never)
      .execute();
  }
  await db.destroy();
}

describe('what Tab offers', () => {
  const world = useWorld({ hostile: true });

  it('commands, without the hidden ones', async () => {
    expect(await candidates(world, ['do'])).toContain('doctor');
    const all = await candidates(world, ['']);
    expect(all).toEqual(expect.arrayContaining(['completion', 'path', 'help']));
    expect(all).not.toContain('__complete');
    expect(await candidates(world, ['help', 'compl'])).toEqual(['completion']);
  });

  it('flags that are not there yet', async () => {
    expect(await candidates(world, ['doctor', '--'])).toEqual(['--json', '--cd']);
    expect(await candidates(world, ['doctor', '--json', '--j'])).toEqual([]);
    expect(await candidates(world, ['--j'])).toEqual(['--json']);
  });

  it('the values that an argument lists', async () => {
    expect(await candidates(world, ['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
    expect(await candidates(world, ['--json', 'completion', 'z'])).toEqual(['zsh']);
    expect(await candidates(world, ['completion', 'bash', ''])).toEqual([]);
  });

  it('the agents of the repository, without writing to it', async () => {
    await addAgents(world, 'worker-1', 'worker-2', 'api');
    const file = join(world.repo, '.git', 'swarm', 'swarm.db');
    const before = readFileSync(file);
    expect(await candidates(world, ['path', ''])).toEqual(['worker-1', 'worker-2', 'api']);
    expect(await candidates(world, ['msg', 'send', 'worker-1', 'a'])).toEqual(['api']);
    expect(await candidates(world, ['ask', '--to', 'a'])).toEqual(['api']);
    for (const command of [['log'], ['memory', 'list'], ['memory', 'search']])
      expect(await candidates(world, [...command, '--agent', 'a'])).toEqual(['api']);
    expect(await candidates(world, ['path', 'w'])).toEqual(['worker-1', 'worker-2']);
    expect(await candidates(world, ['-C', world.repo, 'path', 'a'], world.dir)).toEqual(['api']);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('the tasks of the board', async () => {
    for (const task of ['Build the API', 'Test the API']) await world.swarm(['task', 'add', task]);
    expect(await candidates(world, ['task', 'show', ''])).toEqual(['task-001', 'task-002']);
    expect(await candidates(world, ['spawn', '--task', ''])).toEqual(['task-001', 'task-002']);
    expect(await candidates(world, ['task', 'fail', 'task-001', ''])).toEqual([]);
  });

  it('branches for --base and agent CLIs for --agent, in both spellings', async () => {
    await world.git(['branch', 'feature/login']);
    expect(await candidates(world, ['spawn', 'ticket-1', '--base', 'f'])).toEqual(['feature/login']);
    expect(await candidates(world, ['merge', 'worker-1', '--into', 'f'])).toEqual(['feature/login']);
    expect(await candidates(world, ['spawn', '--base=ma'])).toEqual(['--base=main']);
    expect(await candidates(world, ['spawn', '--base', '=', 'ma'])).toEqual(['--base=main']);
    expect(await candidates(world, ['spawn', '--agent', 'c'])).toEqual(['claude', 'codex']);
  });

  it('the words of a topic', async () => {
    expect(await candidates(world, ['config', 's'])).toEqual(['schema', 'show']);
    expect(await candidates(world, ['confi'])).toEqual(['config']);
  });

  it('nothing, silently, where something is wrong', async () => {
    expect(await candidates(world, ['path', ''], world.dir)).toEqual([]);
    world.write('.git/swarm/swarm.db', 'this is no database');
    expect(await candidates(world, ['path', ''])).toEqual([]);
    expect(await candidates(world, ['nope', ''])).toEqual([]);
    expect(await candidates(world, [])).toContain('doctor');
  });

  it('nothing behind --, where the words are another program’s', async () => {
    expect(await candidates(world, ['path', '--', ''])).toEqual([]);
  });
});

describe('the scripts', () => {
  const world = useWorld({ hostile: true });

  /** What bash puts in COMPREPLY for a line whose last word is being typed. */
  async function inBash(line: readonly string[]): Promise<string[]> {
    writeScript(join(world.bin, 'swarm'), `exec '${join(nodeFolder, 'node')}' '${entry}' "$@"`);
    const script = `${completionScripts.bash}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _swarm; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run(['bash', '--norc', '-c', script, 'bash', ...line], {
      cwd: world.repo,
      env: world.env,
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  it('completes in bash', async () => {
    await addAgents(world, 'worker-1', 'worker-2');
    expect(await inBash(['swarm', 'compl'])).toEqual(['completion']);
    expect(await inBash(['swarm', 'path', ''])).toEqual(['worker-1', 'worker-2']);
    expect(await inBash(['swarm', 'path', 'nobody'])).toEqual([]);
    expect(await inBash(['swarm', 'spawn', '--base', '=', 'ma'])).toEqual(['main']);
    expect(await inBash(['swarm', 'send', 'worker-1', ''])).toEqual(['worker-1', 'worker-2']);
  });

  it.each(['zsh', 'fish'] as const)(
    'is valid %s where that shell is installed, and always asks swarm itself',
    async (shell) => {
      const script = completionScripts[shell];
      expect(script).toContain('swarm __complete -- ');
      const { missing, exitCode, stderr } = await run([shell, '-n', '-c', script], { env: world.env });
      expect(missing || exitCode === 0, stderr).toBe(true);
    },
  );

  it('comes as JSON too', async () => {
    const { stdout } = await world.swarm(['completion', 'fish', '--json']);
    expect(JSON.parse(stdout)).toEqual({ schema: 1, shell: 'fish', script: completionScripts.fish });
  });
});
