import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { type Look, parseScreen, type ScreenMeta } from '../../src/agents/screen.ts';
import { recordedScreens } from './fixtures.ts';
import { type Parts, RULE, SCREENS, TUIS, type Tui, trapScreens } from './traps.ts';

const DIM = '\u001b[2m';
const OFF = '\u001b[0m';

const lookAt = (cli: string, text: string, meta: ScreenMeta = {}): Look =>
  agentCli(cli, { agents: {} }).look(parseScreen(text, meta));
const lookAtParts = (cli: Tui, parts: Parts, meta: ScreenMeta = {}) => lookAt(cli, SCREENS[cli](parts), meta);
const brief = ({ state, input, queued }: Look) => ({ state, draft: input.draft, queued });
const idle = { state: 'ready', draft: '', queued: false };

describe.each(TUIS)('%s', (cli) => {
  it.each(trapScreens().filter((trap) => trap.cli === cli))('is ready: $name', ({ text }) => {
    expect(brief(lookAt(cli, text))).toEqual(idle);
  });

  it('is unknown where another program has the terminal', () => {
    expect(lookAtParts(cli, {}, { foregroundIsAgent: false })).toMatchObject({ state: 'unknown', rule: 'foreground' });
  });

  it('is starting on an empty screen', () => {
    expect(lookAt(cli, '\n\n\n').state).toBe('starting');
  });

  it('is unknown on a screen of something else', () => {
    expect(lookAt(cli, 'total 4\n-rw-r--r-- 1 me me 12 notes.txt').state).toBe('unknown');
  });

  it('is an error where tmux says that the pane is dead', () => {
    expect(lookAt(cli, 'gone\nPane is dead (status 1, Fri Nov 20 10:00:00 2026)')).toMatchObject({
      state: 'error',
      rule: 'dead',
    });
  });
});

/** The first row of a box with this text in it. */
const BOX: Readonly<Record<Tui, { mark: string; indent: string }>> = {
  claude: { mark: '❯ ', indent: '  ' },
  scripted: { mark: '❯ ', indent: '  ' },
  codex: { mark: '› ', indent: '  ' },
  gemini: { mark: ' > ', indent: '   ' },
  opencode: { mark: '  ┃  ', indent: '  ┃  ' },
};
const boxWith = (cli: Tui, lines: readonly string[]) =>
  lines.map((line, i) => ((i === 0 ? BOX[cli].mark : BOX[cli].indent) + line).trimEnd());

describe.each(TUIS)('drafts of %s', (cli) => {
  it.each([
    [['half a thought']],
    [['one', 'two', 'three']],
    [['1. Yes', '2. No']],
    [['Do you want to proceed? Esc to cancel']],
    [['[Pasted text #1 +30 lines]']],
    [['[Pasted Content 1501 chars]']],
    [['[Pasted Text: 402 lines]']],
  ])('sees %j', (lines) => {
    expect(brief(lookAtParts(cli, { box: boxWith(cli, lines) }))).toEqual({ ...idle, draft: lines.join('\n') });
  });

  it('takes dim and grey text for a placeholder or a suggestion', () => {
    for (const style of [DIM, '\u001b[90m', '\u001b[38;5;244m', '\u001b[38;2;120;120;120m']) {
      const box = [`${BOX[cli].mark}${style}add tests for the parser${OFF}   `];
      expect(brief(lookAtParts(cli, { box }))).toEqual(idle);
    }
  });

  it('sees through the cursor on a placeholder', () => {
    const box = [`${BOX[cli].mark}\u001b[7ma\u001b[0m${DIM}dd tests${OFF}`];
    expect(lookAtParts(cli, { box }).input.draft).toBe('');
  });

  it('keeps what was typed before a suggestion, and a paste that is shown dim', () => {
    const typed = [`${BOX[cli].mark}add${DIM} tests for the parser${OFF}`];
    expect(lookAtParts(cli, { box: typed }).input.draft).toBe('add');
    const pasted = [`${BOX[cli].mark}${DIM}[Pasted text #2 +11 lines]${OFF}`];
    expect(lookAtParts(cli, { box: pasted }).input.draft).toBe('[Pasted text #2 +11 lines]');
  });
});

describe('placeholders in plain text', () => {
  it.each([
    ['claude', '❯ Press up to edit queued messages'],
    ['claude', '❯ Resend your message to try again'],
    ['claude', '❯\u00a0Try "fix lint errors"'],
    ['scripted', '❯ Type your prompt'],
    ['codex', '› Ask Codex to do anything'],
    ['gemini', ' >   Type your message or @path/to/file'],
    ['opencode', '  ┃  Ask anything… "Fix broken tests"'],
  ] as const)('%s: %s is empty', (cli, row) => {
    expect(lookAtParts(cli, { box: [row] }).input.draft).toBe('');
  });
});

describe('turns that run', () => {
  it('claude works on while a draft hides the footer', () => {
    const look = lookAtParts('claude', {
      above: ['✢ Cerebrating… (6s · ↓ 42 tokens)'],
      box: ['❯ 1'],
      footer: ['  ⏸ manual mode on'],
    });
    expect(brief(look)).toEqual({ state: 'busy', draft: '1', queued: false });
  });

  it('claude works when only its title says so', () => {
    expect(lookAtParts('claude', {}, { title: '◐ fix the parser' })).toMatchObject({ state: 'busy', rule: 'title' });
    expect(lookAtParts('claude', {}, { title: '✳ fix the parser' }).state).toBe('ready');
    expect(lookAtParts('claude', {}, { title: 'Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA' }).state).toBe('ready');
  });

  it('claude has ended a turn whose closing line is cut', () => {
    expect(lookAtParts('claude', { above: ['✻ Worked for 1m 52s · 2 shells still…'] }).state).toBe('ready');
  });

  it('scripted starts, works and asks', () => {
    expect(lookAt('scripted', '\n\u001b[2mStarting…\u001b[22m').state).toBe('starting');
    const above = [`✻ Working… ${DIM}(3s · esc to interrupt)${OFF}`, '', `${DIM}  ⎿  Queued: next${OFF}`];
    expect(brief(lookAtParts('scripted', { above }))).toEqual({ state: 'busy', draft: '', queued: true });
    const dialog = [RULE, ' Do you want to proceed?', ' ❯ 1. Yes', '   2. No', '', ' Esc to cancel'].join('\n');
    expect(lookAt('scripted', dialog)).toMatchObject({ state: 'waiting', waiting: { kind: 'approve' } });
  });

  it('codex says it in its title, too', () => {
    expect(lookAtParts('codex', {}, { title: '⠴ repo' })).toMatchObject({ state: 'busy', rule: 'title' });
    expect(lookAt('codex', 'x', { title: '[ ! ] Action Required | repo' }).state).toBe('waiting');
  });

  it('codex counts minutes', () => {
    expect(lookAtParts('codex', { above: ['• Working (1m 03s • esc to interrupt)'] }).state).toBe('busy');
  });

  it('gemini in shell mode never looks empty', () => {
    expect(lookAtParts('gemini', { box: [' !   Type your shell command'] }).input.draft).not.toBe('');
  });
});

/** Breaks lines as tmux does when a window becomes narrow. */
const reflow = (text: string, width: number) =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [''])
    .join('\n');

describe('recorded screens, reflowed to 60 columns', () => {
  it.each(recordedScreens())('$name is still $state', ({ cli, text, state, draft, waiting }) => {
    const look = lookAt(cli, reflow(text, 60));
    expect({ state: look.state, draft: look.input.draft }).toEqual({ state, draft });
    expect(look.waiting?.kind).toBe(waiting?.kind);
    expect(look.waiting?.options.map(({ key }) => key)).toEqual(waiting?.options.map(({ key }) => key));
  });
});
