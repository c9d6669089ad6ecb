import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, sharedWorld, spawnOne } from './support.ts';

describe('refusals', () => {
  const world = sharedWorld();
  const spawn = (...words: string[]) => ['spawn', '--agent', 'scripted', ...words];
  /** Branches, worktrees, agents and windows: what a refusal must leave as it was. */
  const everything = async () => ({
    refs: await world.git(['for-each-ref']),
    worktrees: await world.git(['worktree', 'list']),
    agents: (await call(world, 'ls', ['ls'])).agents.map(({ name, pid }) => `${name} ${pid}`),
    windows: (await world.tmux(['list-panes', '-a', '-F', '#{pane_id}'])).stdout,
    ports: (await world.swarm(['ports', '--json'])).stdout,
  });

  it.concurrent.each<[string, string[], number, string]>([
    ['an unknown agent', ['status', 'worker-99'], 3, 'NO_SUCH_AGENT'],
    ['an unknown agent to attach', ['attach', 'worker-99'], 3, 'NO_SUCH_AGENT'],
    ['nothing to attach to', ['attach'], 3, 'NO_LAST_AGENT'],
    ['an agent CLI nobody knows', ['spawn', 't9', '--agent', 'nonesuch'], 2, 'UNKNOWN_AGENT_CLI'],
    ['a CLI that is not installed', ['spawn', 't9', '--agent', 'aider'], 5, 'MISSING_PROGRAM'],
    ['an empty prompt', spawn('t9', '-p', ' \n'), 2, 'EMPTY_PROMPT'],
    ['a prompt file that is not there', spawn('t9', '-f', 'nowhere.md'), 2, 'NO_PROMPT_FILE'],
    ['a role that is no word', spawn('t9', '--role', 'The Boss'), 2, 'BAD_ROLE'],
    ['a task that is not there', spawn('t9', '--task', 'task-1'), 3, 'NO_SUCH_TASK'],
    ['--parent', spawn('t9', '--parent', 'worker-1'), 2, 'NOT_IN_THIS_VERSION'],
    ['--budget', spawn('t9', '--budget', '5'), 2, 'NOT_IN_THIS_VERSION'],
    ['a name for two', spawn('t8', 't9', '--name', 'one'), 2, 'ONE_NAME_MANY_AGENTS'],
    ['a branch for two', spawn('t8', 't9', '--branch', 'one'), 2, 'ONE_BRANCH_MANY_AGENTS'],
    ['a name that reads as a number', spawn('t9', '--name', '7'), 2, 'BAD_NAME'],
    ['a name that leads elsewhere', spawn('t9', '--name', '../../x'), 2, 'BAD_NAME'],
    ['a port that is no variable', spawn('t9', '--port', 'A=B'), 2, 'BAD_PORT_NAME'],
    ['a base that is no commit', spawn('t9', '--base', 'nowhere'), 2, ''],
    ['a crew of none', ['spawn', 't9', '--agents', 'scripted:0'], 2, 'BAD_CREW'],
    ['a ticket named twice', spawn('t9', 't9'), 4, 'TICKET_TAKEN'],
    ['a flag nobody knows', spawn('t9', '--bas', 'main'), 2, 'USAGE'],
    ['a duration that is none', spawn('t9', '--timeout', 'soon'), 2, ''],
    ['text without an agent', ['send', 'only'], 2, 'NO_TEXT'],
    ['nobody to send to', ['send', '--status', 'stuck', 'hello'], 3, 'NO_SUCH_AGENT'],
    ['nobody to wait for', ['wait'], 2, 'NO_AGENT_NAMED'],
    ['something nobody can wait for', ['wait', '--all', '--for', 'lunch'], 2, 'BAD_VALUE'],
    ['a command that is not there', ['exec', '--all'], 2, 'NO_COMMAND'],
    ['a folder that is no worktree', ['adopt', '/'], 3, 'NOT_A_WORKTREE'],
    ['a pane that is not there', ['adopt', '%999', '--agent', 'shell'], 3, 'NO_SUCH_PANE'],
  ])('%s', async (_what, words, exit, code) => {
    const error = await refused(world, words, exit);
    expect(error).toMatchObject({ code: code === '' ? expect.any(String) : code, hint: expect.any(String) });
    expect(error.code).not.toBe('BUG');
  });

  it('leave nothing behind', async () => {
    expect(await everything()).toEqual({
      refs: expect.stringMatching(/^\w+ commit\trefs\/heads\/main\n$/),
      worktrees: expect.stringMatching(/^[^\n]*\[main\]\n$/),
      agents: [],
      windows: '',
      ports: '{"schema":1,"ports":[]}\n',
    });
  });

  it('a ticket and a name that are taken, a state that does not fit', async () => {
    await spawnOne(world, ['t1', '--name', 'one']);
    const before = await everything();
    for (const [words, exit, code] of [
      [spawn('t1'), 4, 'TICKET_TAKEN'],
      [spawn('t1', '--branch', 'other'), 4, 'TICKET_TAKEN'],
      [spawn('t2', '--name', 'one'), 4, 'NAME_TAKEN'],
      [spawn('t2', '--branch', 't1'), 4, 'BRANCH_TAKEN'],
      [['resume', 'one'], 4, 'RUNNING_ALREADY'],
      [['rename', 'one', 'one'], 4, 'NAME_TAKEN'],
      [['stop', 'on'], 3, 'NO_SUCH_AGENT'],
      [['dev', 'one'], 2, 'NO_DEV_COMMAND'],
      [['adopt', 't1', '--agent', 'shell'], 4, 'ADOPTED_ALREADY'],
    ] as const) {
      const error = await refused(world, words, exit);
      expect(error).toMatchObject({ code });
      expect(error.hint).not.toBe('');
    }
    const after = await everything();
    expect(after).toEqual(before);
  });

  it('a place for worktrees or for state that takes no folder', async () => {
    const before = await everything();
    const file = world.write(join(world.dir, 'a-file'), '');
    const places = [join(file, 'deeper'), ...(existsSync('/proc/self') ? ['/proc/swarm-was-here'] : [])];
    for (const place of places) {
      const error = await refused(world, spawn('t9'), 5, { env: { SWARM_WORKTREES_DIR: place } });
      expect(error).toMatchObject({ code: 'NOT_WRITABLE', hint: expect.stringMatching(/^ls -ld /) });
      expect(error.message).toMatch(new RegExp(`^${place}.*worktrees\\.dir`));
    }
    const state = await refused(world, ['ports'], 5, { env: { SWARM_STATE_HOME: join(file, 'state') } });
    expect(state).toMatchObject({ code: 'NOT_WRITABLE', message: expect.stringContaining('SWARM_STATE_HOME') });
    // Refused before anything is made: what is begun without ports could not be undone either.
    const env = { SWARM_STATE_HOME: join(file, 'state') };
    expect(await refused(world, ['spawn', 't-9', '--agent', 'scripted'], 5, { env })).toMatchObject({
      code: 'NOT_WRITABLE',
    });
    expect((await call(world, 'ls', ['ls'])).agents.map(({ ticket }) => ticket)).not.toContain('t-9');
    expect(await everything()).toEqual(before);
  });

  it('a folder that is no repository, a branch name that is not safe', async () => {
    const outside = await refused(world, ['spawn', 't1'], 2, { cwd: world.dir });
    expect(outside.code).toBe('NOT_A_REPOSITORY');
    expect(await refused(world, ['ls', '-C', '/nowhere'], 2)).toMatchObject({ code: 'NO_SUCH_FOLDER' });
    const before = await everything();
    const odd = ['../escape', '-x', 'HEAD', 'a..b', '..', '@{-1}', 'x.lock', ' ', 'refs/heads/x', 'é'.repeat(300)];
    const tried = odd.map(async (ticket) => {
      const { exitCode, stdout } = await world.swarm(['spawn', ticket, '--json', '--agent', 'scripted', '--dry-run']);
      if (exitCode === 2) return expect(stdout).not.toContain('"BUG"');
      const { plans } = JSON.parse(stdout);
      await world.git(['check-ref-format', '--branch', plans[0].branch]);
      expect(dirname(plans[0].worktree)).toBe(join(world.dir, 'app.worktrees'));
    });
    await Promise.all(tried);
    expect(await everything()).toEqual(before);
  });

  it('a CLI that is missing comes with the line that installs it', async () => {
    const result = await world.swarm(['spawn', 't9', '--agent', 'codex']);
    expect(result).toMatchObject({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringContaining('npm install -g @openai/codex'),
    });
  });

  it('a tmux that is missing', async () => {
    const tools = join(world.dir, 'no-tmux');
    mkdirSync(tools);
    for (const name of ['git', 'sh']) {
      writeFileSync(join(tools, name), `#!/bin/sh\nexec ${name === 'git' ? '/usr/bin/git' : '/bin/sh'} "$@"\n`);
      chmodSync(join(tools, name), 0o755);
    }
    const before = await everything();
    const error = await refused(world, spawn('t9'), 5, { env: { PATH: tools } });
    expect(error.message).toContain('tmux');
    expect(await everything()).toEqual(before);
  });

  it('a port range in which nothing is free', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const before = await everything();
    const error = await refused(world, spawn('t9'), 5, { env: { SWARM_PORTS_RANGE: `${port}-${port}` } });
    server.close();
    expect(error.message).toContain(String(port));
    expect(await everything()).toEqual(before);
    expect(existsSync(join(dirname(world.repo), 'app.worktrees', 'worker-1'))).toBe(false);
  });

  it('a config that is wrong, with its line', async () => {
    world.write('swarm.local.yaml', 'version: 1\nprots: { range: 1-2 }\n');
    const error = await refused(world, spawn('t9'), 2);
    expect(error.message).toMatch(/swarm\.local\.yaml.*2.*ports/s);
    world.write('swarm.local.yaml', '');
  });
});
