import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { UserError } from '../../src/lib/errors.ts';
import { poll } from '../../src/lib/poll.ts';
import { openUserDb, type UserDb } from '../../src/store/open.ts';
import { ApprovedCommands } from '../../src/workspace/approved.ts';
import { consentItems, requireConsent } from '../../src/workspace/consent.ts';
import { describeFailure, failedHook, type HookResult, type HookRun, runHooks } from '../../src/workspace/hooks.ts';

let dir: string;
let userDb: UserDb;
const lines: string[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'swarm hooks '));
  mkdirSync(join(dir, 'repo'));
  mkdirSync(join(dir, 'work tree'));
  userDb = await openUserDb(join(dir, 'state'));
  lines.length = 0;
});
afterEach(async () => {
  await userDb.destroy();
  rmSync(dir, { recursive: true, force: true });
});

/** The plan for these post_create hooks, as trusted or as agreed to by `--yes`. */
async function planFor(hooks: readonly string[], tracked = false, yes = false): Promise<ApprovedCommands> {
  const root = join(dir, 'repo');
  writeFileSync(join(root, 'swarm.yaml'), JSON.stringify({ hooks: { post_create: hooks } }));
  const loaded = await loadConfig({ repo: { root, bare: false }, env: { HOME: dir }, isTracked: async () => tracked });
  const repo = { root, commonDir: join(root, '.git') };
  const items = consentItems(loaded, repo, ['hooks.post_create']);
  return requireConsent({ userDb, repo, items, yes, ask: async () => true, env: {} });
}

async function runThem(plan: ApprovedCommands, more: Partial<HookRun> = {}): Promise<HookResult[]> {
  return runHooks({
    plan,
    name: 'postCreate',
    cwd: join(dir, 'work tree'),
    env: { PATH: process.env['PATH'], SWARM_AGENT: 'worker-1' },
    logFile: join(dir, 'logs', 'post_create.log'),
    timeoutMs: 20_000,
    anyway: 'swarm restart a --yes',
    onOutput: (line) => lines.push(line),
    ...more,
  });
}

test('each entry is one script, in the worktree, with the environment given and nothing to read; output is told and logged', async () => {
  const script =
    'for i in 1 2; do\n  echo "$i $SWARM_AGENT"\ndone\nread -r x || echo nothing to read\npwd >&2\nprintf "a\\033[31mred\\n50%%\\r100%%\\nend"';
  const results = await runThem(await planFor([script, 'touch made', 'touch made']));
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(failedHook(results)).toBeNull();
  expect(lines).toEqual(['1 worker-1', '2 worker-1', 'nothing to read', join(dir, 'work tree'), 'ared', '100%', 'end']);
  const log = readFileSync(join(dir, 'logs', 'post_create.log'), 'utf8');
  expect(log).toContain('a\u001b[31mred\n50%\r100%\nend');
  expect(log).toContain('$ touch made\n');
});

test('the first failure stops the rest, and is told', async () => {
  const results = await runThem(await planFor(['true', 'echo no >&2; exit 3', 'touch never']));
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 3]);
  const failed = failedHook(results);
  expect(failed && describeFailure(failed)).toBe("'echo no >&2; exit 3' exited with 3");
  expect(lines).toEqual(['no']);
});

test('out of time: the whole group is ended, also what ignores the polite signal’s parent', async () => {
  const results = await runThem(await planFor(['sleep 300 & echo $!; sleep 300']), { timeoutMs: 300 });
  expect(results).toMatchObject([{ timedOut: true }]);
  expect(describeFailure(results[0] as HookResult)).toContain('took longer than');
  expect(isRunning(Number(lines[0]))).toBe(false);
});

test('what a hook leaves running on purpose does not hold it up', async () => {
  const results = await runThem(await planFor(['sleep 300 & echo $!']));
  expect(results).toMatchObject([{ exitCode: 0, timedOut: false }]);
  expect(isRunning(Number(lines[0]))).toBe(true);
  process.kill(Number(lines[0]));
});

test('a killed command says by which signal', async () => {
  const [result] = await runThem(await planFor(['kill -9 $$']));
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
});

test('nothing approved, nothing run; a missing worktree is told', async () => {
  expect(await runThem(ApprovedCommands.none)).toEqual([]);
  const gone = runThem(await planFor(['true']), { cwd: join(dir, 'gone') });
  await expect(gone).rejects.toThrow(`its folder ${join(dir, 'gone')} is not there`);
});

test('an abort signal ends the group, exit 130', async () => {
  const control = new AbortController();
  const onOutput = (line: string) => {
    lines.push(line);
    control.abort();
  };
  const running = runThem(await planFor(['echo $$; sleep 300']), { signal: control.signal, onOutput });
  await expect(running).rejects.toMatchObject({ exit: 130 });
  expect(isRunning(Number(lines[0]))).toBe(false);
});

test('ctrl-C ends the group, exit 130', async () => {
  const fixture = fileURLToPath(new URL('fixtures/hook.ts', import.meta.url));
  const child = spawn(process.execPath, [fixture, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const pid = await poll(() => /^pid (\d+)$/m.exec(said)?.[1] ?? null, { timeout: 20_000 });
  expect(isRunning(Number(pid))).toBe(true);
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect([code, said]).toEqual([130, `pid ${pid}\nINTERRUPTED\n`]);
  expect(isRunning(Number(pid))).toBe(false);
});

test('a script that is not the approved one in the worktree is refused before anything runs, and --yes runs it', async () => {
  const approved = '#!/bin/sh\necho approved\n';
  for (const folder of ['repo', 'work tree']) writeFileSync(join(dir, folder, 'setup.sh'), approved, { mode: 0o755 });
  const hooks = ['touch first', 'sh ./setup.sh'];
  const plan = await planFor(hooks, true);
  expect(failedHook(await runThem(plan))).toBeNull();
  writeFileSync(join(dir, 'work tree', 'setup.sh'), 'echo edited by an agent\n');
  rmSync(join(dir, 'work tree', 'first'));
  const error = await runThem(plan).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error('expected a refusal');
  expect([error.code, error.exit]).toEqual(['SCRIPT_CHANGED', 4]);
  expect(() => readFileSync(join(dir, 'work tree', 'first'))).toThrow('ENOENT');
  // The same in the main worktree asks again; a trusted file's hooks run what is there.
  await runThem(await planFor(hooks, false));
  expect(lines.at(-1)).toBe('edited by an agent');
});

function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}
