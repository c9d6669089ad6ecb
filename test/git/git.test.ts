import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git } from '../../src/git/git.ts';
import { writeScript } from '../support/hostile.ts';
import { refusal, useGround } from './ground.ts';

describe('git', () => {
  const world = useGround();
  const shell = (text: string) => ['-c', `alias.say=!${text}`, 'say'];

  test('output comes byte for byte, with the exit code and what it said', async () => {
    const { exitCode, stdout, stderr } = await git(world.repo).try(shell('printf " a\\n\\n"; printf oh >&2; exit 3 #'));
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 3, stdout: ' a\n\n', stderr: 'oh' });
  });

  test('a command that fails without a word is a failure too', async () => {
    expect((await git(world.repo).try(['rev-parse', '--verify', '--quiet', 'nothing'])).exitCode).toBe(1);
    expect((await refusal(git(world.repo).run(['rev-parse', '--verify', '--quiet', 'nothing']))).message).toMatch(
      /rev-parse/,
    );
  });

  test('a command that says nothing is not waited for longer than others', async () => {
    const fastest = { loud: Number.POSITIVE_INFINITY, quiet: Number.POSITIVE_INFINITY };
    const commands = { loud: ['rev-parse', 'HEAD'], quiet: ['rev-parse', '--verify', '--quiet', 'nothing'] };
    for (let round = 0; round < 10; round++) {
      for (const name of ['loud', 'quiet'] as const) {
        const start = performance.now();
        await git(world.repo).try(commands[name]);
        fastest[name] = Math.min(fastest[name], performance.now() - start);
      }
    }
    // simple-git waits 50 ms for words that may still come, which is many times what the command takes.
    expect(fastest.quiet / fastest.loud).toBeLessThan(3);
  });

  test('the error is git’s own reason, safe for a terminal, with the command to repeat', async () => {
    const error = await refusal(git(world.repo).run(['merge', 'no\u001b[31mwhere']));
    expect(error.message).toBe('git merge failed: merge: nowhere - not something we can merge');
    expect(error).toMatchObject({ code: 'GIT_FAILED', exit: 1 });
    expect(error.hint).toContain('git -C ');
    expect(error.details['argv']).toEqual(['git', 'merge', 'no\u001b[31mwhere']);
  });

  test('a caller’s own GIT_DIR and index don’t reach git; its other settings do', async () => {
    process.env['GIT_DIR'] = '/nonexistent';
    process.env['GIT_INDEX_FILE'] = '/nonexistent';
    process.env['GIT_SSH_COMMAND'] = 'my ssh';
    process.env['EDITOR'] = 'my editor';
    const text = await git(world.repo, { operation: 'op-1' }).run(shell('env'), { env: { MINE: '1' } });
    const lines = text.split('\n');
    for (const line of ['GIT_OPTIONAL_LOCKS=0', 'GIT_TERMINAL_PROMPT=0', 'LC_ALL=C', 'SWARM_OP=op-1', 'MINE=1']) {
      expect(lines).toContain(line);
    }
    expect(lines).toContain('GIT_SSH_COMMAND=my ssh');
    expect(lines).toContain('EDITOR=my editor');
    expect(text).not.toContain('/nonexistent');
  });

  test('standard input is what was given, else empty and closed', async () => {
    expect(await git(world.repo).run(shell('cat'), { input: 'a\0b' })).toBe('a\0b');
    expect(await git(world.repo).run(shell('cat'))).toBe('');
  });

  test('text that looks like shell is text', async () => {
    await git(world.repo).try(['rev-parse', "x'; touch pwn; echo '$(touch pwn)`touch pwn`"]);
    expect(existsSync(join(world.repo, 'pwn'))).toBe(false);
  });

  test('a signal can end it', async () => {
    const stop = new AbortController();
    const running = git(world.repo).run(shell('echo started; exec sleep 30'), { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow(/abort/i);
  });

  test('missing git, an old git and a missing folder are refused in words', async () => {
    expect(await refusal(git(join(world.dir, 'no')).run(['status']))).toMatchObject({
      code: 'NO_SUCH_FOLDER',
      exit: 2,
    });
    process.env['PATH'] = world.bin;
    expect(await refusal(git(world.repo).run(['status']))).toMatchObject({ exit: 5 });
    writeScript(join(world.bin, 'git'), 'echo "git version 2.37.9"');
    const { requireGitVersion } = await import('../../src/git/version.ts');
    const error = await refusal(requireGitVersion(git(world.repo)));
    expect(error).toMatchObject({ code: 'GIT_TOO_OLD', exit: 5 });
    expect(error.message).toContain('2.37.9');
  });
});
