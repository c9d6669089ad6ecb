import { describe, expect, it } from 'vitest';
import { chosenAgents, listedAgents } from '../../src/tui/select.ts';
import { SORTS } from '../../src/tui/state.ts';
import { happen, key, live, NOW, press, view } from './support.ts';

const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const names = (model: ReturnType<typeof view>) => listedAgents(model).map(({ agent }) => agent.name);

const TEAM = [
  live('paused', { status: 'paused' }),
  live('idle', { status: 'idle' }),
  live('exited', { status: 'exited' }),
  live('working', { status: 'working', cli: 'codex' }),
  live('done', { status: 'done' }),
  live('news', { status: 'idle', unseen: true }),
  live('stuck', { status: 'stuck', since: ago(50) }),
  live('failed', { status: 'failed', since: ago(90) }),
  live('young', { status: 'waiting', since: ago(5) }),
  live('old', { status: 'waiting', since: ago(500) }),
  live('unknown', { status: 'unknown' }),
];
const BY_ATTENTION = [
  'old',
  'young',
  'failed',
  'stuck',
  'news',
  'done',
  'unknown',
  'working',
  'idle',
  'paused',
  'exited',
];

describe('the order', () => {
  it('is by attention: who waits longest, what failed, what finished unseen, then the others', () => {
    expect(names(view(TEAM))).toEqual(BY_ATTENTION);
  });

  it('t goes through the others and round', () => {
    let model = view(TEAM);
    const seen = SORTS.map(() => {
      model = press(model, 't').model;
      return [model.sort, names(model)[0]];
    });
    expect(seen).toEqual([
      ['name', 'done'],
      ['age', 'young'],
      ['created', 'paused'],
      ['attention', 'old'],
    ]);
  });

  it('stays for a second after a move, the cursor on its agent, and then follows', () => {
    const { model } = press(view(TEAM), 'j', 'j');
    expect(model.selected).toBe('failed');
    const team = TEAM.map((one) =>
      one.agent.name === 'idle' ? live('idle', { status: 'waiting', since: ago(999) }) : one,
    );
    const fresh = [...team, live('new', { status: 'waiting', since: ago(2000) })];
    const frozen = happen(model, { type: 'team', agents: fresh, now: NOW + 500 }).model;
    expect(names(frozen)).toEqual([...BY_ATTENTION, 'new']);
    const thawed = happen(frozen, { type: 'tick', now: NOW + 1000 }).model;
    expect(names(thawed).slice(0, 4)).toEqual(['new', 'idle', 'old', 'young']);
    expect(thawed.selected).toBe('failed');
  });

  it('moves the cursor to a neighbour when its agent is gone', () => {
    const { model } = press(view(TEAM), 'j', 'j');
    const left = TEAM.filter(({ agent }) => agent.name !== 'failed');
    expect(happen(model, { type: 'team', agents: left, now: NOW + 2000 }).model.selected).toBe('stuck');
    expect(happen(model, { type: 'team', agents: [], now: NOW + 2000 }).model.selected).toBeNull();
  });
});

describe('the filter', () => {
  const typed = (text: string) => [...text].map((letter) => key(letter === ' ' ? 'Space' : letter));
  it.each([
    [':waiting', ['old', 'young']],
    [':work', ['working']],
    ['@codex', ['working']],
    ['ticket-o', ['old']],
    ['OLD', ['old']],
    [':waiting you', ['young']],
    ['nobody', []],
  ])('%s leaves %j', (text, expected) => {
    const { model } = happen(view(TEAM), key('/'), ...typed(text));
    expect(names(model)).toEqual(expected);
  });

  it('Enter keeps it, Escape takes it back, and Escape in the list drops it', () => {
    const kept = happen(view(TEAM), key('/'), ...typed('old'), key('Enter')).model;
    expect([kept.mode.kind, names(kept)]).toEqual(['browse', ['old']]);
    const changed = happen(
      kept,
      key('/'),
      key('BSpace'),
      key('BSpace'),
      key('BSpace'),
      ...typed('x'),
      key('Escape'),
    ).model;
    expect([changed.filter, names(changed)]).toEqual(['old', ['old']]);
    expect(names(happen(changed, key('Escape')).model)).toEqual(BY_ATTENTION);
    const nobody = happen(view(TEAM), key('/'), ...typed('nobody'), key('Enter')).model;
    expect(happen(nobody, key('/'), key('C-u'), ...typed('old')).model.order).toEqual(['old']);
  });
});

describe('marks', () => {
  it('count also where the filter leaves them out', () => {
    const model = happen(view(TEAM), key('Space'), key('/'), ...[...'idle'].map((letter) => key(letter))).model;
    const kept = happen(model, key('Enter')).model;
    expect([names(kept), kept.selected]).toEqual([['idle'], 'idle']);
    expect(chosenAgents(kept).map(({ agent }) => agent.name)).toEqual(['old']);
    expect(press(kept, 'X').effects).toEqual([{ type: 'ask-remove', agents: ['old'] }]);
  });
});

describe('w and W', () => {
  it('go round those who need a person', () => {
    const model = press(view(TEAM), 'G').model;
    expect(model.selected).toBe('exited');
    expect(press(model, 'w').model.selected).toBe('old');
    expect(press(model, 'W').model.selected).toBe('news');
    expect(press(model, 'w', 'w', 'w').model.selected).toBe('failed');
    expect(press(model, 'W', 'W').model.selected).toBe('stuck');
  });
});

describe('200 agents', () => {
  const many = Array.from({ length: 200 }, (_, index) => live(`a${index + 1}`));
  it('scroll so that the cursor is always in sight', () => {
    const model = view(many, 120, 30);
    const shown = ({ model: { listTop, selected } }: ReturnType<typeof press>) => [listTop, selected];
    expect(shown(press(model, 'G'))).toEqual([173, 'a200']);
    expect(shown(press(model, 'G', 'g', 'g'))).toEqual([0, 'a1']);
    expect(shown(press(model, 'C-d', 'C-d', 'C-d'))).toEqual([16, 'a43']);
    expect(shown(press(model, 'G', 'k', 'k'))).toEqual([173, 'a198']);
    expect(shown(press(model, '9'))).toEqual([0, 'a9']);
  });
});
