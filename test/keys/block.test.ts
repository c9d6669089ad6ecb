import { describe, expect, it } from 'vitest';
import { TMUX_KEYS } from '../../src/config/tmux-keys.ts';
import { findBlock, withBlock } from '../../src/tmux/conf-block.ts';
import { keysInConfig, STOCK } from '../../src/tmux/conf-bound.ts';

const LINES = ["bind-key S display-message 'é'", 'set-option -g status on'];
const ORIGINALS = [
  '',
  '\n',
  'set -g mouse on',
  'a\n',
  'a\n\n',
  'a\r\nb\r\n',
  'a\r\nb',
  '\u00ff\u0000\u0080 bytes\n',
  '# }}}',
];

const rest = (text: string) => {
  const found = findBlock(text);
  return found === null || found === 'broken' ? found : found.rest;
};

describe('the block in a configuration', () => {
  it.each(ORIGINALS.map((text) => [text]))('leaves %j as it was, after one, two and other installs', (original) => {
    const once = withBlock(original, LINES);
    expect(once.startsWith(original)).toBe(true);
    expect(findBlock(once)).toEqual({ rest: original, madeFile: false, edited: false });
    expect(withBlock(once, LINES)).toBe(once);
    const updated = withBlock(once, ['bind-key G new-window']);
    expect(updated).not.toContain('bind-key S');
    expect(rest(updated)).toBe(original);
  });

  it('keeps what was written below it, and above', () => {
    const once = withBlock('no line end', LINES);
    expect(rest(`${once}below\n`)).toBe('no line end\nbelow\n');
    expect(rest(`above\n${once}`)).toBe('above\nno line end');
    expect(rest(withBlock(`${once}below`, ['other']))).toBe('no line end\nbelow');
  });

  it('knows what somebody changed in it, and that line ends are no change', () => {
    const once = withBlock('a\n', LINES);
    expect(findBlock(once.replace('status on', 'status off'))).toMatchObject({ edited: true, rest: 'a\n' });
    expect(findBlock(once.replaceAll('\n', '\r\n'))).toMatchObject({ edited: false, rest: 'a\r\n' });
    expect(findBlock(once.replace('# <<< swarm keys <<<\n', ''))).toBe('broken');
    expect(findBlock(once + once)).toBe('broken');
    expect(findBlock('set -g @x "# >>> swarm keys >>>"')).toBeNull();
  });

  it('says when swarm made the file', () => {
    expect(findBlock(withBlock(null, LINES))).toEqual({ rest: '', madeFile: true, edited: false });
  });
});

describe('keys that a configuration binds', () => {
  it.each([
    ['bind S new-window', ['S']],
    ['bind-key -r -N "a note" S new-window', ['S']],
    ["  bind-key -T prefix 'S' new-window", ['S']],
    ['bind "S" new-window', ['S']],
    ['bind -rN note \\; new-window', [';']],
    ['bind C-s if-shell x { bind S y }', ['C-s']],
    ['bind \\\n  S \\\n  new-window', ['S']],
    ['bind -n S new-window\nbind -T root S x\nbind -T copy-mode-vi S x', []],
    ['# bind S new-window\nunbind S\nbindings S\nset -g @x "bind S y"', []],
  ])('%j: %j', (text, keys) => {
    expect(keysInConfig(text).map(({ key }) => key)).toEqual(keys);
  });

  it('does not touch any of tmux itself by default', () => {
    expect(Object.values(TMUX_KEYS).filter((key) => STOCK.has(key))).toEqual([]);
    expect(new Set(Object.values(TMUX_KEYS)).size).toBe(Object.keys(TMUX_KEYS).length);
  });
});
