import { describe, expect, it } from 'vitest';
import { BINDINGS } from '../../src/tui/bindings.ts';
import { keymapOf } from '../../src/tui/keys.ts';
import { live, press, view } from './support.ts';

describe('the table of keys', () => {
  it('gives no key two meanings in one mode', () => {
    const all = BINDINGS.flatMap(({ mode, keys }) => keys.map((key) => `${mode} ${key}`));
    expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
  });

  it('has no pair whose first key means something by itself', () => {
    const all = new Set(BINDINGS.flatMap(({ mode, keys }) => keys.map((key) => `${mode} ${key}`)));
    const pairs = [...all].filter((one) => one.split(' ').length === 3);
    expect(pairs.filter((pair) => all.has(pair.split(' ').slice(0, 2).join(' ')))).toEqual([]);
  });

  it('says of each action what it does', () => {
    expect(BINDINGS.filter(({ help, title, keys }) => help === '' || title === '' || keys.length === 0)).toEqual([]);
  });
});

describe('keys: in the config', () => {
  const team = [live('one'), live('two')];

  it('takes the place of the own ones, from another action too', () => {
    const model = view(team, 120, 30, { attach: 'F2, ctrl-o', quit: 'x', down: 'g d' });
    expect(press(model, 'Enter').effects).toEqual([]);
    expect(press(model, 'F2').effects).toEqual([{ type: 'attach', agent: 'one' }]);
    expect(press(model, 'C-o').effects).toEqual([{ type: 'attach', agent: 'one' }]);
    expect(press(model, 'x').effects).toEqual([{ type: 'quit' }]);
    expect(press(model, 'g', 'd').model.selected).toBe('two');
    expect(press(model, 'j').model.selected).toBe('one');
  });

  it('refuses an action that there is not, and names the nearest', () => {
    expect(() => keymapOf({ atach: 'F2' })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_ACTION',
        exit: 2,
        hint: 'Perhaps you mean: keys.attach',
        message: expect.stringContaining("'keys.atach' in the config names no action of swarm tui"),
      }),
    );
  });

  it('refuses what is no key, and a key for two actions', () => {
    expect(() => keymapOf({ attach: 'hyper-9' })).toThrow(expect.objectContaining({ code: 'BAD_KEY', exit: 2 }));
    expect(() => keymapOf({ attach: 'F2', help: 'F2' })).toThrow(
      expect.objectContaining({ code: 'KEY_TWICE', exit: 2 }),
    );
  });
});
