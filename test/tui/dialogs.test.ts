import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/agents/question.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import { edited } from '../../src/tui/edit.ts';
import type { Event } from '../../src/tui/protocol.ts';
import { happen, key, live, NOW, press, view } from './support.ts';

const QUESTION: Question = {
  kind: 'approve',
  text: 'Do you want to proceed?',
  subject: { kind: 'command', what: 'npm test' },
  until: null,
  options: [
    { key: '1', label: 'Yes', selected: true },
    { key: '2', label: "Yes, and don't ask again", selected: false },
    { key: 'Escape', label: 'No', selected: false },
  ],
};
const asking = () => view([live('one', { status: 'waiting' }, { question: QUESTION }), live('two')]);
const letters = (text: string) => [...text].map((letter) => (letter === ' ' ? 'Space' : letter));

describe('a question of an agent', () => {
  it('a offers the plain yes, and says what is pressed', () => {
    const { model } = press(asking(), 'a');
    expect(model.mode).toMatchObject({
      kind: 'choose',
      choice: {
        title: 'one asks: Do you want to proceed?',
        lines: ['command: npm test'],
        options: [{ key: 'y', label: 'Yes   (presses 1)' }],
      },
    });
    const approve = { type: 'approve', agent: 'one', option: 1, question: QUESTION };
    expect(press(model, 'Enter').effects).toEqual([approve]);
    expect(press(model, 'y').effects).toEqual([approve]);
    expect(press(model, 'Escape').effects).toEqual([]);
  });

  it('A offers every answer', () => {
    const { model } = press(asking(), 'A');
    expect(press(model, 'Down', 'Down', 'Down', 'Enter').effects).toEqual([
      { type: 'approve', agent: 'one', option: 3, question: QUESTION },
    ]);
    const second = [{ type: 'approve', agent: 'one', option: 2, question: QUESTION }];
    expect(press(model, '2').effects).toEqual(second);
    expect(press(model, 'j', 'j', 'k', 'Enter').effects).toEqual(second);
  });

  it('is nothing to approve where none is on the screen', () => {
    expect(press(asking(), 'j', 'a').model.mode.kind).toBe('browse');
  });
});

describe('forms', () => {
  it('prompt several lines, pasted ones too, and end with Enter', () => {
    const model = press(view([live('one')]), 'p', ...letters('do it'), 'M-Enter', ...letters('well')).model;
    const { effects } = happen(model, { type: 'paste', text: '\nand\nsoon' }, key('Enter'));
    expect(effects).toEqual([{ type: 'prompt', agents: ['one'], text: 'do it\nwell\nand\nsoon' }]);
  });

  it('refuse an empty prompt in place', () => {
    const { model, effects } = press(view([live('one')]), 'p', 'Space', 'Enter');
    expect(effects).toEqual([]);
    expect(model.mode).toMatchObject({ kind: 'form', form: { problem: 'The prompt is empty.' } });
  });

  it('broadcast to the marked, and mark nobody afterwards', () => {
    const team = view([live('one'), live('two'), live('three')]);
    const { model, effects } = press(team, 'Space', 'j', 'Space', 'P', ...letters('go'), 'Enter');
    expect(effects).toEqual([{ type: 'prompt', agents: ['one', 'three'], text: 'go' }]);
    expect(model.marked.size).toBe(0);
  });

  it('broadcast again to those alone whom it did not reach', () => {
    const team = view([live('one'), live('two'), live('three')]);
    const sent = press(team, 'Space', 'j', 'Space', 'P', ...letters('go'), 'Enter');
    const [effect] = sent.effects;
    if (effect === undefined) throw new Error('no prompt');
    const ended = { type: 'ended', effect, problem: 'three is gone.', missed: ['three'] } as const;
    const left = happen(sent.model, ended).model;
    expect([...left.marked]).toEqual(['three']);
    const again = press(left, 'P').model;
    expect(again.mode).toMatchObject({ form: { problem: 'three is gone.', fields: [{ draft: { text: 'go' } }] } });
    expect(press(again, 'Enter').effects).toEqual([{ type: 'prompt', agents: ['three'], text: 'go' }]);
    // Somebody marks others meanwhile: those stay as they are.
    const busy = happen(press(sent.model, 'k', 'Space').model, ended).model;
    expect([...busy.marked]).toEqual(['two']);
  });

  it('ask what a new agent shall be', () => {
    const typed = press(
      view([live('one')]),
      'N',
      ...letters('t-1'),
      'Tab',
      ...letters('go'),
      'Tab',
      '2',
      'Right',
      'Space',
      'Enter',
    );
    expect(typed.effects).toEqual([
      {
        type: 'spawn',
        wanted: {
          ticket: 't-1',
          prompt: 'go',
          crew: [
            { cli: 'claude', count: 2 },
            { cli: 'codex', count: 1 },
          ],
          base: 'ticket-one',
          branch: '',
        },
      },
    ]);
  });

  it('keep what was typed where it is refused, until the same one is opened again', () => {
    const { model, effects } = press(view([live('one'), live('two')]), 'p', ...letters('do it'), 'Enter');
    const [effect] = effects;
    if (effect === undefined) throw new Error('no prompt');
    const refused = happen(model, { type: 'ended', effect, problem: 'It is gone.', missed: [] }).model;
    const other = press(refused, 'j', 'p').model;
    expect(other.mode).toMatchObject({
      form: { title: 'Prompt two', problem: null, fields: [{ draft: { text: '' } }] },
    });
    const again = press(other, 'Escape', 'k', 'p').model;
    expect(again.mode).toMatchObject({ form: { problem: 'It is gone.', fields: [{ draft: { text: 'do it' } }] } });
    expect(press(again, 'Enter').effects).toEqual([effect]);
    const done = happen(model, { type: 'ended', effect, problem: null, missed: [] }).model;
    expect(press(done, 'p').model.mode).toMatchObject({ form: { fields: [{ draft: { text: '' } }] } });
  });

  it('ask for an agent CLI and for some work', () => {
    const problem = (...keys: string[]) => press(view([]), 'n', ...keys, 'Enter').model.mode;
    expect(problem()).toMatchObject({ form: { problem: 'Expected a ticket, a prompt, or both.' } });
    expect(problem('x', 'Tab', 'Tab', '0')).toMatchObject({
      form: { problem: expect.stringContaining('No agent CLI') },
    });
  });
});

describe('editing', () => {
  const draft = (text: string, cursor = text.length) => ({ text, cursor });
  it.each([
    ['BSpace', draft('aé👩‍💻'), draft('aé')],
    ['Left', draft('a👩‍💻'), draft('a👩‍💻', 1)],
    ['C-w', draft('one two '), draft('one ')],
    ['C-u', draft('one\ntwo'), draft('one\n')],
    ['C-k', draft('one\ntwo', 1), draft('o\ntwo', 1)],
    ['Up', draft('one\ntwo'), draft('one\ntwo', 3)],
    ['Down', draft('one\ntwo', 2), draft('one\ntwo', 6)],
    ['Home', draft('one\ntwo'), draft('one\ntwo', 4)],
    ['DC', draft('abc', 1), draft('ac', 1)],
    ['Up', draft('one'), null],
    ['F5', draft('one'), null],
  ])('%s of %j is %j', (name, before, after) => {
    expect(edited(before, name)).toEqual(after);
  });
});

describe('what is asked of the person', () => {
  it('comes before an agent at work is ended, with No as the answer', () => {
    const { model, effects } = press(view([live('one')]), 'x');
    expect(effects).toEqual([]);
    expect(model.mode).toMatchObject({ kind: 'ask', ask: { title: 'Stop one?' } });
    expect(press(model, 'Enter').effects).toEqual([]);
    expect(press(model, 'y').effects).toEqual([{ type: 'stop', agents: ['one'] }]);
    expect(press(view([live('idle', { status: 'idle' })]), 'x').effects).toEqual([{ type: 'stop', agents: ['idle'] }]);
  });

  it('waits until a form is closed, and takes no yes in its first moment', () => {
    const yes = { type: 'answer', question: 1, yes: true } as const;
    const no = { type: 'answer', question: 1, yes: false } as const;
    const asked: Event = {
      type: 'ask',
      ask: { title: 'Run it?', lines: ['make'], yes: 'allow', onYes: yes, onNo: no, since: NOW },
    };
    const typing = happen(view([live('one')]), key('p'), asked).model;
    expect(typing.mode.kind).toBe('form');
    const open = happen(typing, key('Escape', NOW + 5000)).model;
    expect(open.mode.kind).toBe('ask');
    expect(happen(open, key('y', NOW + 5100)).effects).toEqual([]);
    expect(happen(open, key('y', NOW + 5500)).effects).toEqual([yes]);
    expect(happen(open, key('Escape', NOW + 5100)).effects).toEqual([no]);
  });
});

describe('marks', () => {
  const marked = () => press(view([live('one'), live('two'), live('three')]), 'Space', 'Space').model;
  const marks = (...keys: string[]) => [...press(marked(), ...keys).model.marked];
  it('stay until something is done to those who have them', () => {
    expect(marks('p', 'x', 'Enter')).toEqual(['one', 'two']);
    expect(marks('X', 'P', 'Escape')).toEqual(['one', 'two']);
    expect(marks('x', 'n')).toEqual(['one', 'two']);
    expect(marks('x', 'y')).toEqual([]);
    expect(marks('P', 'x', 'Enter')).toEqual([]);
  });
});

describe('stop', () => {
  it('is for those who run: u would start the others, who had ended by themselves', () => {
    const team = view([
      live('one', { status: 'idle' }),
      live('two', { status: 'exited' }),
      live('three', { status: 'failed' }),
    ]);
    const { effects } = press(team, 'Space', 'Space', 'Space', 'x');
    expect(effects).toEqual([{ type: 'stop', agents: ['one'] }]);
  });
});

describe('u', () => {
  it('takes back the last thing first', () => {
    const idle = view([live('one', { status: 'idle' }), live('two', { status: 'idle' })]);
    const ended: Event = { type: 'job-end', id: 1, notice: null, undo: { what: 'stop', agents: ['one'] } };
    const model = happen(idle, ended, key('z')).model;
    expect(model.order).toEqual(['two']);
    const back = press(model, 'u').model;
    expect(back.order).toEqual(['one', 'two']);
    expect(press(back, 'u').effects).toEqual([{ type: 'revive', agents: ['one'] }]);
    const removed: Event = { type: 'job-end', id: 2, notice: null, undo: { what: 'remove', names: ['two'] } };
    expect(happen(back, removed, key('u')).effects).toEqual([{ type: 'restore', names: ['two'] }]);
  });
});

describe('live typing', () => {
  it('hands every key and paste to the agent until ctrl-q', () => {
    const { model, effects } = press(view([live('one')]), 'Tab', 'q', 'Escape', 'C-c', 'Tab');
    expect(
      effects.map((effect) => (effect.type === 'keys' && effect.input.kind === 'key' ? effect.input.key : effect.type)),
    ).toEqual(['q', 'Escape', 'C-c', 'Tab']);
    expect(happen(model, { type: 'paste', text: 'a\nb' }).effects).toEqual([
      { type: 'keys', agent: 'one', input: { kind: 'paste', text: 'a\nb' } },
    ]);
    expect(press(model, 'C-q').model.mode.kind).toBe('browse');
    const gone = happen(model, { type: 'team', agents: [live('two')], now: NOW }).model;
    expect([gone.mode.kind, gone.selected]).toEqual(['browse', 'two']);
  });
});

describe('the mouse', () => {
  const click = (x: number, y: number, now = NOW): Event => ({ type: 'mouse', mouse: { what: 'press', x, y }, now });
  const screen = parseScreen(Array.from({ length: 100 }, (_, row) => `line ${row}\n`).join(''));
  const team = () =>
    happen(view([live('one'), live('two'), live('three')]), { type: 'screen', agent: 'one', screen }).model;
  it('selects, attaches by two clicks, and scrolls what is under it', () => {
    const once = happen(team(), click(5, 3));
    expect([once.model.selected, once.effects]).toEqual(['two', []]);
    expect(happen(once.model, click(5, 3, NOW + 200)).effects).toEqual([{ type: 'attach', agent: 'two' }]);
    expect(happen(once.model, click(5, 3, NOW + 900)).effects).toEqual([]);
    expect(happen(once.model, click(5, 4, NOW + 200)).effects).toEqual([]);
    const wheel = (what: 'wheel-up' | 'wheel-down', x: number) =>
      happen(team(), { type: 'mouse', mouse: { what, x, y: 3 }, now: NOW }).model;
    expect(wheel('wheel-down', 5).selected).toBe('two');
    expect(wheel('wheel-up', 90).paneTop).toBe(3);
    expect(press(team(), ...Array(9).fill('PageUp')).model.paneTop).toBe(73);
    expect(wheel('wheel-down', 90)).toMatchObject({ paneTop: 0, selected: 'one' });
  });
});

describe('seeing', () => {
  const news = () => view([live('one', { status: 'idle', unseen: true }), live('two')]);
  it('takes a second of looking by somebody who is there', () => {
    expect(happen(news(), { type: 'tick', now: NOW + 60_000 }).effects).toEqual([]);
    const there = happen(news(), key('Down'), key('Up')).model;
    expect(happen(there, { type: 'tick', now: NOW + 500 }).effects).toEqual([]);
    expect(happen(there, { type: 'tick', now: NOW + 1000 }).effects).toEqual([{ type: 'seen', agent: 'one' }]);
  });
});

describe('time', () => {
  it('leaves the same model where nothing in view is older', () => {
    const model = view([live('one')]);
    expect(happen(model, { type: 'tick', now: NOW + 1000 }).model).toBe(model);
    expect(happen(model, { type: 'tick', now: NOW + 60_000 }).model).not.toBe(model);
  });
});
