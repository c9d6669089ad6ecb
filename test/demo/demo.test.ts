import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { processesWithEnv } from '../../src/process/identity.ts';
import { run } from '../../src/process/run.ts';
import { documentOf } from '../e2e/support.ts';
import { writeScript } from '../support/hostile.ts';
import { entry } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

// Each runs some forty processes; the rest of the suite runs beside them.
vi.setConfig({ testTimeout: 180_000 });

const world = useWorld();

/** The demo's temporary folder, as its narration names it. */
function scratchOf(stderr: string): string {
  const found = /(\/\S+\/swarm-demo-\w+)\/greeter/.exec(stderr)?.[1];
  if (found === undefined) throw new Error(`no scratch repository in:\n${stderr}`);
  return found;
}

/** Nothing of it runs, answers or lies anywhere. */
async function expectNothingOf(scratch: string): Promise<void> {
  const name = scratch.slice(scratch.lastIndexOf('/') + 1);
  expect(existsSync(scratch)).toBe(false);
  expect(await processesWithEnv('HOME', join(scratch, 'home'))).toEqual([]);
  expect((await run(['tmux', '-L', name, 'list-sessions'], { env: world.env })).exitCode).toBe(1);
  const sockets = `/tmp/tmux-${process.getuid?.()}`;
  expect(existsSync(sockets) ? readdirSync(sockets).filter((socket) => socket === name) : []).toEqual([]);
}

it('has three agents do real work, checks it, and leaves nothing', async () => {
  // As in CI: no terminal, no name for git, and a git directory around it that is not ours.
  const env = { CI: 'true', GIT_CONFIG_GLOBAL: '/dev/null', GIT_DIR: '/nonexistent', SWARM_AGENT: 'nonsense' };
  const result = await world.swarm(['demo', '--json'], { cwd: world.home, env });
  const { exitCode, stdout, stderr } = result;
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  const { ok, agents, checks, kept, error } = documentOf('demo', result);
  expect({ ok, kept, error }).toEqual({ ok: true, kept: null, error: undefined });
  expect(checks.filter((check) => !check.ok || check.found !== null)).toEqual([]);
  expect(checks.length).toBeGreaterThan(30);
  expect(agents.map(({ branch }) => branch).sort()).toEqual(['docs', 'farewell', 'tests']);
  expect(new Set(agents.map(({ ports }) => ports['PORT'])).size).toBe(3);
  const deliveries = agents.flatMap((agent) => agent.deliveries);
  expect(deliveries.map(({ state, evidence }) => `${state} ${evidence}`)).toEqual(Array(4).fill('delivered hook'));
  expect(stderr).toContain('$ swarm spawn farewell -p ');
  await expectNothingOf(scratchOf(stderr));
  expect(readdirSync(join(world.dir, 'tmp'))).toEqual([]);
});

it('keeps everything when asked, and what it says to type works', async () => {
  const { exitCode, stdout, stderr } = await world.swarm(['demo', '--keep'], { cwd: world.home });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  const scratch = scratchOf(stderr);
  const shown = stdout.split('\n');
  const block = (title: string) => {
    const lines = shown.slice(shown.indexOf(title) + 1);
    return lines.slice(0, lines.findIndex((line) => !line.startsWith('  ')) >>> 0).map((line) => line.trim());
  };
  const typed = block('To look around:').filter((line) => !line.includes('attach'));
  const remove = block('To remove it all:');
  try {
    expect(typed).toContain('swarm ls');
    expect(typed.some((line) => line.startsWith('alias swarm='))).toBe(true);
    // A shell that reads a script has no aliases; the word is the same.
    writeScript(join(world.bin, 'swarm'), `exec '${entry}' "$@"`);
    const looked = await run(['/bin/sh', '-e', '-c', typed.join('\n')], { cwd: world.home, env: world.env });
    expect(looked).toMatchObject({ exitCode: 0 });
    expect(looked.stdout).toMatch(/worker-1 +○ idle/);
    expect(looked.stdout).toMatch(/worker-2: prompt delivered/);
    expect(looked.stdout).toMatch(/^\+/m);
  } finally {
    await run(['/bin/sh', '-c', remove.join('\n')], { env: world.env });
    await waitFor(
      async () => ((await processesWithEnv('HOME', join(scratch, 'home'))).length === 0 ? true : null),
      'the end',
    );
  }
  await expectNothingOf(scratch);
});

it('removes everything when it is interrupted, however often', async () => {
  const demo = world.start(['demo'], { cwd: world.home });
  await waitFor(() => (demo.stderr().includes('has its prompt') ? true : null), 'an agent at work');
  demo.child.kill('SIGINT');
  demo.child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await demo.result;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  await expectNothingOf(scratchOf(stderr));
});

it('removes everything when nobody reads what it says any more', async () => {
  const demo = world.start(['demo'], { cwd: world.home });
  await waitFor(() => (demo.stderr().includes('swarm spawn') ? true : null), 'the first call');
  const scratch = scratchOf(demo.stderr());
  demo.child.stderr?.destroy();
  expect((await demo.result).exitCode).toBe(130);
  await expectNothingOf(scratch);
});

it('says what is not as it should be, and fails', async () => {
  // A git that says it has committed and has not.
  const real = (await run(['/bin/sh', '-c', 'command -v git'], { env: world.env })).stdout.trim();
  writeScript(join(world.bin, 'git'), `case "$*" in *'Test the server'*) exit 0 ;; esac\nexec '${real}' "$@"`);
  const result = await world.swarm(['demo', '--json'], { cwd: world.home });
  const { exitCode, stderr } = result;
  const { ok, error, checks } = documentOf('demo', result);
  expect({ exitCode, ok, code: error?.code }).toEqual({ exitCode: 1, ok: false, code: 'DEMO_FAILED' });
  const failed = checks.filter((check) => !check.ok).map(({ what }) => what);
  expect(failed).toContain('its branch has the commits');
  expect(error?.message).toMatch(/worker-\d: its branch has the commits: found \[\], not \["Test the server"\]/);
  await expectNothingOf(scratchOf(stderr));
});

it('says what is missing or too old', async () => {
  writeScript(join(world.bin, 'tmux'), 'echo "tmux 2.9"');
  const result = await world.swarm(['demo', '--json'], { cwd: world.home });
  expect(result.exitCode).toBe(5);
  expect(documentOf('error', result).error.message).toMatch(/tmux is 2\.9/);
});
