import type { Line, Span } from '../view/span.ts';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const RESET = '\u001b[0m';

/**
 * A line with its styles as SGR sequences. One text for each line, where Ink would lay out and measure a node for each
 * piece: several times the work. The texts themselves hold no control characters ({@link Span}).
 */
export function ansiOf(line: Line, colours: boolean): string {
  return line.map((one) => styled(one, colours)).join('');
}

function styled(one: Span, colours: boolean): string {
  const codes = [
    one.bold ? '1' : '',
    one.dim ? '2' : '',
    one.italic ? '3' : '',
    one.underline ? '4' : '',
    one.inverse ? '7' : '',
    colours && one.colour !== undefined ? colourCode(one.colour, 30) : '',
    colours && one.background !== undefined ? colourCode(one.background, 40) : '',
  ].filter((code) => code !== '');
  return codes.length === 0 ? one.text : `\u001b[${codes.join(';')}m${one.text}${RESET}`;
}

/** The SGR parameters of a colour; `base`: 30 for the foreground, 40 for the background (ECMA-48, 8.3.117). */
function colourCode(colour: string, base: 30 | 40): string {
  const [, kind, values = ''] = /^(ansi256|rgb)\(([\d, ]+)\)$/.exec(colour) ?? [];
  if (kind === 'ansi256') return `${base + 8};5;${values}`;
  if (kind === 'rgb') return `${base + 8};2;${values.replaceAll(/, */g, ';')}`;
  if (colour === 'gray') return String(base + 60);
  const bright = colour.endsWith('Bright');
  const index = NAMES.indexOf(bright ? colour.slice(0, -'Bright'.length) : colour);
  return index < 0 ? '' : String(base + index + (bright ? 60 : 0));
}
