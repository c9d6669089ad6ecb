import { describe, expect, it } from 'vitest';
import { look } from '../../src/agents/clis/looks.ts';
import type { BoardEvidence, Evidence, HookEvidence } from '../../src/agents/evidence.ts';
import { questionOf } from '../../src/agents/question.ts';
import type { Look } from '../../src/agents/screen.ts';
import { foldStatus } from '../../src/agents/status.ts';
import { isConfirmed, isShaky, shownSince } from '../../src/agents/steady.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;

const alive = { dead: false, exitStatus: null, signal: null };
const base: Evidence = {
  process: alive,
  hook: null,
  title: null,
  look: null,
  question: null,
  board: null,
  previous: { status: 'idle', reason: 'x' },
  now: NOW,
  startedAt: 0,
  lastChangeAt: NOW,
  idleTimeoutMs: 5 * MINUTE,
};
const noBoard: BoardEvidence = { asks: null, holds: null, done: null };
const asking = (of: string | null): BoardEvidence => ({ ...noBoard, asks: { of, text: 'Which one?' } });
const hook = (state: HookEvidence['state'], ageMs: number, event = 'PreToolUse Bash'): HookEvidence => ({
  source: 'hook',
  until: null,
  state,
  event,
  at: NOW - ageMs,
});
const ready = look('ready', 'box', 'box', { input: { draft: '' } });
const busy = look('busy', 'spinner', 'Pondering…', { input: { draft: '' } });
const asks: Look = look('waiting', 'dialog', 'permission dialog: Do you want to proceed?', {
  waiting: { kind: 'approve', text: 'Do you want to proceed?', options: [], subject: null },
});
const failed = look('error', 'error', 'API Error: 400', { input: { draft: '' } });
const offline = look('error', 'offline', 'Unable to connect');
const limit = look('error', 'error', 'Usage limit reached · resets in 5m', { input: { draft: '' } });
const starting = look('starting', 'blank', 'empty');
const nothing = look('unknown', 'no-box', 'no box');
const first = { status: 'starting', reason: null } as const;

const CASES: readonly (readonly [string, Partial<Evidence>, string, string, unknown])[] = [
  ['no window', { process: null }, 'unknown', 'process', 'it has no window'],
  [
    'paused',
    { process: null, previous: { status: 'paused', reason: 'paused by you' } },
    'paused',
    'swarm',
    'paused by you',
  ],
  [
    'exit 0',
    { process: { dead: true, exitStatus: 0, signal: null }, look: ready },
    'exited',
    'process',
    'process exited with status 0',
  ],
  [
    'exit 3',
    { process: { dead: true, exitStatus: 3, signal: null } },
    'failed',
    'process',
    'process exited with status 3',
  ],
  [
    'SIGKILL',
    { process: { dead: true, exitStatus: null, signal: 9 } },
    'failed',
    'process',
    'process was ended by SIGKILL',
  ],
  [
    'death unknown',
    { process: { dead: true, exitStatus: null, signal: null } },
    'failed',
    'process',
    'process ended, and how is not known',
  ],

  ['screen: ready', { look: ready }, 'idle', 'screen', 'screen: box'],
  ['screen: busy', { look: busy }, 'working', 'screen', 'screen: Pondering…'],
  [
    'screen: dialog',
    { look: asks, question: questionOf(asks) },
    'waiting',
    'screen',
    'approve: Do you want to proceed?',
  ],
  ['screen: error with a box', { look: failed }, 'idle', 'screen', 'screen: error: API Error: 400'],
  ['screen: error without a box', { look: offline }, 'waiting', 'screen', 'screen: error: Unable to connect'],
  ['screen: starting', { look: starting }, 'starting', 'screen', 'screen: empty'],
  ['nothing known', { look: nothing }, 'unknown', 'screen', 'screen: no box'],
  ['not looked at', {}, 'unknown', 'screen', 'screen: its screen was not looked at'],
  [
    'nothing known yet',
    { look: nothing, previous: first, startedAt: NOW - MINUTE },
    'starting',
    'screen',
    'screen: no box',
  ],
  [
    'nothing known for too long',
    { look: nothing, previous: first, startedAt: NOW - 6 * MINUTE },
    'unknown',
    'screen',
    'screen: no box',
  ],

  ['hook and screen agree', { hook: hook('working', MINUTE), look: busy }, 'working', 'hook', 'hook PreToolUse Bash'],
  ['hook and screen agree on rest', { hook: hook('idle', MINUTE, 'Stop'), look: ready }, 'idle', 'hook', 'hook Stop'],
  [
    'fresh prompt, nothing drawn yet',
    { hook: hook('working', 500, 'UserPromptSubmit'), look: ready },
    'working',
    'hook',
    'hook UserPromptSubmit',
  ],
  ['Esc fires no hook', { hook: hook('working', 10_000), look: ready }, 'idle', 'screen', 'screen: box'],
  ['fresh stop, spinner still drawn', { hook: hook('idle', 500, 'Stop'), look: busy }, 'idle', 'hook', 'hook Stop'],
  [
    'works again without a hook',
    { hook: hook('idle', 10_000, 'Stop'), look: busy },
    'working',
    'screen',
    'screen: Pondering…',
  ],
  [
    'a dialog beats a fresh hook',
    { hook: hook('working', 100), look: asks, question: questionOf(asks) },
    'waiting',
    'screen',
    'approve: Do you want to proceed?',
  ],
  [
    'approved, and the tool runs',
    { hook: hook('waiting', 10_000, 'PermissionRequest Bash'), look: busy },
    'working',
    'screen',
    'screen: Pondering…',
  ],
  [
    'error after Stop',
    { hook: hook('idle', MINUTE, 'StopFailure'), look: failed },
    'idle',
    'screen',
    'screen: error: API Error: 400',
  ],
  [
    'hook of an earlier process',
    { hook: hook('working', MINUTE), startedAt: NOW - 1000, look: nothing, previous: first },
    'starting',
    'screen',
    'screen: no box',
  ],

  [
    'title: working',
    { look: look('busy', 'title', 'the title says that it works: ⠐ x') },
    'working',
    'title',
    'the title says that it works: ⠐ x',
  ],
  [
    'an idle title ends a working hook, and is no rest by itself',
    { hook: hook('working', MINUTE), look: nothing, title: 'idle' },
    'unknown',
    'screen',
    'screen: no box; the last hook, PreToolUse Bash, is 1m old',
  ],
  [
    'a limit that is not over',
    { hook: hook('idle', 100, 'StopFailure'), look: limit, question: questionOf(limit, [], NOW) },
    'waiting',
    'screen',
    expect.stringMatching(/^rate limit until .*: Usage limit reached · resets in 5m$/),
  ],
  [
    'a limit that is over',
    { look: limit, question: questionOf(limit, [], NOW - 6 * MINUTE) },
    'idle',
    'screen',
    'screen: error: Usage limit reached · resets in 5m',
  ],

  ['hook alone', { hook: hook('working', MINUTE), look: nothing }, 'working', 'hook', 'hook PreToolUse Bash'],
  ['hook alone, at rest for hours', { hook: hook('idle', 90 * MINUTE, 'Stop') }, 'idle', 'hook', 'hook Stop'],
  [
    'question in a hook, screen unread',
    { hook: hook('waiting', MINUTE, 'PermissionRequest Bash'), lastChangeAt: NOW - MINUTE },
    'waiting',
    'hook',
    'hook PermissionRequest Bash',
  ],
  [
    'question in a hook, screen went on',
    { hook: hook('waiting', MINUTE, 'PermissionRequest Bash'), look: nothing },
    'unknown',
    'screen',
    'screen: no box; the last hook, PermissionRequest Bash, is 1m old',
  ],
  [
    'stale hook, screen tells nothing',
    { hook: hook('working', 6 * MINUTE), look: nothing },
    'unknown',
    'screen',
    'screen: no box; the last hook, PreToolUse Bash, is 6m old',
  ],

  [
    'silence at work',
    { look: busy, lastChangeAt: NOW - 6 * MINUTE },
    'stuck',
    'swarm',
    'no sign of life for 6m while working (screen: Pondering…)',
  ],
  [
    'silence at the start',
    { look: starting, lastChangeAt: NOW - 5 * MINUTE },
    'stuck',
    'swarm',
    'no sign of life for 5m while starting (screen: empty)',
  ],
  [
    'a hook is a sign of life',
    { look: busy, lastChangeAt: NOW - 6 * MINUTE, hook: hook('working', MINUTE) },
    'working',
    'hook',
    'hook PreToolUse Bash',
  ],
  ['one moment before', { look: busy, lastChangeAt: NOW - 5 * MINUTE + 1 }, 'working', 'screen', 'screen: Pondering…'],
  ['rest is not silence', { look: ready, lastChangeAt: NOW - 60 * MINUTE }, 'idle', 'screen', 'screen: box'],

  [
    'done stays done',
    { look: ready, previous: { status: 'done', reason: 'task-001 complete' } },
    'done',
    'swarm',
    'task-001 complete',
  ],
  [
    'done works again',
    { look: busy, previous: { status: 'done', reason: 'task-001 complete' } },
    'working',
    'screen',
    'screen: Pondering…',
  ],
  [
    'blocked stays blocked',
    { look: ready, previous: { status: 'blocked', reason: 'waits for worker-2' } },
    'blocked',
    'swarm',
    'waits for worker-2',
  ],
  ['asks the person', { look: busy, board: asking(null) }, 'waiting', 'mcp', 'asks: Which one?'],
  ['asks another', { look: ready, board: asking('worker-2') }, 'blocked', 'mcp', 'asks worker-2: Which one?'],
  [
    'asks, however long that takes',
    { look: busy, board: asking(null), lastChangeAt: NOW - 60 * MINUTE },
    'waiting',
    'mcp',
    'asks: Which one?',
  ],
  [
    'has its answer',
    { look: ready, board: noBoard, previous: { status: 'blocked', reason: 'asks' } },
    'idle',
    'screen',
    'screen: box',
  ],
  [
    'has reported',
    { look: ready, board: { ...noBoard, done: 'task-001' } },
    'done',
    'screen',
    'task-001 is reported complete',
  ],
  [
    'has reported, and works on',
    { look: busy, board: { ...noBoard, done: 'task-001' } },
    'working',
    'screen',
    'screen: Pondering…',
  ],
  [
    'has the next task',
    { look: ready, board: { ...noBoard, holds: 'task-002' }, previous: { status: 'done', reason: 'task-001' } },
    'idle',
    'screen',
    'screen: box',
  ],
];

describe('foldStatus', () => {
  it.each(CASES)('%s', (_, evidence, status, source, reason) => {
    expect(foldStatus({ ...base, ...evidence })).toMatchObject({ status, source, reason });
  });

  it('knows since when from a hook, and not from a screen', () => {
    expect(foldStatus({ ...base, look: ready, hook: hook('idle', 19_000) }).at).toBe(NOW - 19_000);
    expect(foldStatus({ ...base, look: ready }).at).toBeUndefined();
  });
});

describe('what may pass in a moment', () => {
  const rest = { status: 'idle', reason: 'box', source: 'screen' } as const;

  it.each([
    ['a rest that only the screen shows', rest, 'working', false, true],
    ['a screen half drawn', { ...rest, status: 'unknown' }, 'idle', false, true],
    ['a rest after an answer', rest, 'waiting', false, true],
    ['a rest that the title shows, too', rest, 'working', true, false],
    ['a rest by a hook', { ...rest, source: 'hook' }, 'working', false, false],
    ['the first rest', rest, 'starting', false, false],
    ['work', { ...rest, status: 'working' }, 'idle', false, false],
    ['an end', { ...rest, status: 'failed', source: 'process' }, 'working', false, false],
  ] as const)('%s', (_, next, previous, agrees, shaky) => {
    expect(isShaky(next, previous, agrees)).toBe(shaky);
  });

  it('counts once it is seen for long enough, or was there before anybody looked', () => {
    const first = shownSince(rest, null, NOW, NOW - 100);
    expect(isConfirmed(first, NOW)).toBe(false);
    expect(isConfirmed(shownSince(rest, first, NOW + 300, NOW), NOW + 300)).toBe(true);
    const between = shownSince({ ...rest, status: 'working' }, first, NOW + 200, NOW);
    expect(isConfirmed(shownSince(rest, between, NOW + 300, NOW), NOW + 300)).toBe(false);
    expect(isConfirmed(shownSince(rest, null, NOW, NOW - MINUTE), NOW)).toBe(true);
  });
});
