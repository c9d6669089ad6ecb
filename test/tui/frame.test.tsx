import { stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { Frame } from '../../src/tui/ui/app.tsx';
import { widthOf } from '../../src/tui/view/span.ts';
import { happen, live, press, view } from './support.ts';

afterEach(cleanup);

const TEAM = [
  live(
    'worker-1',
    { status: 'waiting', reason: 'screen: approve a command: npm test', ports: { PORT: 3000, API: 3001 } },
    { listening: ['API'] },
  ),
  live('worker-2', {
    git: {
      head: 'abc',
      subject: 's',
      committedAt: null,
      ahead: 2,
      behind: 1,
      dirty: 1,
      insertions: 120,
      deletions: 8,
      at: '',
    },
  }),
  live('worker-3', { status: 'idle', unseen: true, cli: 'codex' }),
];

/** What is to be read; styles are another matter. */
const frame = (model: ReturnType<typeof view>, colours = true) =>
  stripVTControlCharacters(styled(model, colours)).replace(/ +$/gm, '');
const styled = (model: ReturnType<typeof view>, colours: boolean) =>
  render(<Frame model={model} colours={colours} />).lastFrame() ?? '';

describe('the frame', () => {
  it.each([60, 80, 99, 120, 200])('fills %i columns exactly and says what every agent does', (columns) => {
    const lines = frame(view(TEAM, columns, 24)).split('\n');
    expect(lines).toHaveLength(24);
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    const text = lines.join('\n');
    for (const word of [
      '1 NEEDS YOU',
      '1 finished',
      '1 working',
      '◐ waiting',
      '● working',
      '○ idle*',
      '↵ attach',
      '? help',
    ]) {
      expect(text).toContain(word);
    }
  });

  it('colours only where that is wanted, and says the same without', () => {
    const model = view(TEAM, 120, 24);
    const colours = (text: string) => text.includes('\u001b[33m') || text.includes(';33m');
    expect([colours(styled(model, true)), colours(styled(model, false))]).toEqual([true, false]);
    expect(frame(model, false)).toBe(frame(model, true));
  });

  it('leaves out by priority what does not fit', () => {
    expect(frame(view(TEAM, 40, 12))).not.toContain('codex');
    expect(frame(view(TEAM, 100, 24))).toContain('+120 -8');
    const wide = frame(view(TEAM, 99, 24));
    for (const word of ['codex', '↑2 ↓1', '+120 -8', '3000▽ 3001▲']) expect(wide).toContain(word);
    expect(frame(press(view(TEAM, 200, 24), 'v', 'v').model)).toContain('screen: approve a command: npm test');
  });

  it('shows with whom the work of each collides', () => {
    const conflict = (kind: 'merge' | 'editing', b: string | null) =>
      ({ a: 'a', b, target: b === null ? 'main' : null, kind, files: ['src/x.ts', 'src/y.ts'] }) as const;
    const both = [conflict('merge', 'b'), conflict('editing', null)];
    const team = [live('a', {}, { conflicts: both }), live('b', {}, { conflicts: both.slice(0, 1) }), live('c')];
    const text = frame(view(team, 200, 24));
    expect(text).toContain('2 collisions');
    expect(text).toMatch(/working +a .*≠ 2/);
    expect(text).toMatch(/working +b .*≠ a/);
    expect(text).not.toMatch(/working +c .*≠/);
    const narrow = frame(view(team, 70, 24));
    expect(narrow).toMatch(/working +b .*≠/);
  });

  it('is list and pane beside each other, above each other, or the list alone', () => {
    expect(frame(view(TEAM, 120, 24)).split('\n')[1]).toMatch(/3 agents.*│worker-1 .*screen/);
    const stacked = frame(view(TEAM, 80, 24)).split('\n');
    expect(stacked[1]).toMatch(/^ 3 agents · by attention$/);
    expect(stacked[5]).toMatch(/^worker-1 .*screen/);
    expect(frame(view(TEAM, 59, 24))).not.toContain('screen  diff');
  });

  it('cuts long tickets before it leaves them out, and says how many agents are out of sight', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      live(`worker-${index + 1}`, { status: 'idle', unseen: true, ticket: `a-rather-long-ticket-${index}` }),
    );
    const top = view(many, 110, 24);
    expect(frame(top).split('\n')[2]).toMatch(/worker-1 +a-rather-/);
    expect(frame(top).split('\n')[1]).toMatch(/30 agents · by attention · 9 below/);
    const end = frame(press(top, 'G').model).split('\n');
    expect(end[1]).toMatch(/30 agents · by attention · 9 above *│/);
  });

  it('counts in its header what there is room for, and nothing by half', () => {
    const states = ['waiting', 'failed', 'stuck', 'unknown', 'working', 'starting', 'paused', 'exited'] as const;
    const header = (columns: number) =>
      frame(
        view(
          states.map((status, index) => live(`worker-${index}`, { status })),
          columns,
          24,
        ),
      ).split('\n')[0] ?? '';
    expect(header(120)).toContain('1 exited');
    for (const columns of [50, 55, 60, 65, 70, 75]) expect(header(columns)).toMatch(/(1 [a-z]+|YOU) *$/);
  });

  it('says what to do when there is nobody', () => {
    expect(frame(view([], 80, 24))).toContain('swarm spawn TICKET');
  });

  it('has every key in the help', () => {
    const text = frame(press(view(TEAM, 100, 60), '?').model);
    for (const word of ['Move', 'ctrl-d', 'half a page down', 'gg', 'attach']) expect(text).toContain(word);
  });

  it('turns the help by pages, and back from its end at once', () => {
    const help = (...keys: string[]) => frame(press(view(TEAM, 80, 24), '?', ...keys).model);
    const pages = Array.from({ length: 12 }, () => 'Space');
    expect(help('Space')).toContain('type a prompt into it');
    expect(help(...pages)).toContain('close the help');
    expect(help(...pages, 'k', 'k')).not.toContain('close the help');
    expect(help(...pages, 'PageUp', 'PageDown')).toBe(help(...pages));
  });

  it('shows of every dialog what is answered with, also where rows are few', () => {
    const small = () => view([live('one')], 40, 10);
    const files = Array.from({ length: 10 }, (_, index) => `one: untracked ${index}`);
    const ask = {
      title: 'Remove one?',
      lines: files,
      yes: 'remove',
      onYes: { type: 'quit' },
      onNo: null,
      since: 0,
    } as const;
    const asked = frame(happen(small(), { type: 'ask', ask }).model);
    expect(asked).toMatch(/Remove one\?[\s\S]*untracked 0[\s\S]*… and 6 more lines\n y remove +n no/);
    const long = frame(
      happen(small(), { type: 'ask', ask: { ...ask, yes: 'allow, for as long as it stays so' } }).model,
    );
    expect(long).toMatch(/ y allow, for as long as it stays so\n n no/);

    const options = Array.from({ length: 12 }, (_, index) => ({ key: '', label: `answer ${index}.`, selected: false }));
    const subject = { kind: 'command', what: 'npm test' } as const;
    const question = { kind: 'approve', text: 'Which?', subject, until: null, options } as const;
    const waiting = view([live('one', { status: 'waiting' }, { question })], 40, 10);
    for (const downs of [0, 5, 11]) {
      const chosen = frame(press(waiting, 'A', ...Array.from({ length: downs }, () => 'Down')).model);
      expect(chosen).toContain('command: npm test');
      expect(chosen).toMatch(new RegExp(`❯ +\\d* +answer ${downs}\\.`));
    }

    for (const downs of [0, 3, 20]) {
      expect(frame(press(small(), ':', ...Array.from({ length: downs }, () => 'Down')).model)).toMatch(/ ❯ \w/);
    }

    const typed = Array.from({ length: 9 }, () => ['x', 'M-Enter']).flat();
    const tall = press(view([live('one')], 40, 8), 'n', 'Tab', ...typed, 'e', 'n', 'd').model;
    expect(frame(tall)).toMatch(/ ❯ prompt[\s\S]*end/);
    expect(frame(press(tall, 'Tab', 'Tab', 'Tab').model)).toMatch(/ ❯ branch/);
    expect(frame(press(tall, 'Tab', '0', 'Enter').model)).toMatch(/ ❯ agents[\s\S]*✗ No agent CLI/);
    for (const model of [happen(small(), { type: 'ask', ask }).model, tall]) {
      expect(frame(model).split('\n')).toHaveLength(model.size.rows);
    }
  });
});
