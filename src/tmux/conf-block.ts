import { createHash } from 'node:crypto';

/*
 * The marked block in a tmux configuration. Texts are the file's bytes as latin1, one character a byte: what is not ours
 * comes out as it went in, whatever its encoding and line ends are.
 */

const BEGIN = '# >>> swarm keys >>>';
const END = '# <<< swarm keys <<<';
const ABOUT = 'written by: swarm keys install; taken out by: swarm keys remove';

/** A block that was found. */
export interface FoundBlock {
  /** The file without it, as it was before it was put in. */
  readonly rest: string;
  /** Whether swarm made the file for it. */
  readonly madeFile: boolean;
  /** Somebody has changed it since. */
  readonly edited: boolean;
}

/** The block in the text; null when there is none. A block without its end is `broken`. */
export function findBlock(text: string): FoundBlock | 'broken' | null {
  const found = positions(text);
  if (found === null || found === 'broken') return found;
  const { start, stop, head, body } = found;
  const before = text.slice(0, start);
  const after = text.slice(stop);
  // The line break that ended the user's last line for us goes with the block, unless more has been written below it.
  const joined = head.includes(' joined') && after === '' ? before.replace(/\r?\n$/, '') : before;
  const edited = /\[([0-9a-f]+)/.exec(head)?.[1] !== digest(body);
  return { rest: `${joined}${after}`, madeFile: head.includes(' new-file'), edited };
}

/** The text with these lines as its block: in place of the one that it has, else at its end. Null text: no file yet. */
export function withBlock(text: string | null, lines: readonly string[]): string {
  const body = Buffer.from(lines.map((line) => `${line}\n`).join('')).toString('latin1');
  const found = positions(text ?? '');
  if (found !== null && found !== 'broken') {
    const flags = /\[[0-9a-f]+(.*)\]/.exec(found.head)?.[1] ?? '';
    return `${text?.slice(0, found.start)}${block(body, flags)}${text?.slice(found.stop)}`;
  }
  const joined = text !== null && text !== '' && !text.endsWith('\n');
  return `${text ?? ''}${joined ? '\n' : ''}${block(body, `${joined ? ' joined' : ''}${text === null ? ' new-file' : ''}`)}`;
}

function block(body: string, flags: string): string {
  return `${BEGIN} ${ABOUT} [${digest(body)}${flags}]\n${body}${END}\n`;
}

function positions(text: string) {
  const [begin, ...more] = text.matchAll(new RegExp(`^${BEGIN}.*$`, 'gm'));
  if (begin === undefined) return null;
  const from = text.indexOf('\n', begin.index) + 1 || text.length;
  const end = new RegExp(`^${END}[ \\t]*\\r?(?:\\n|$)`, 'gm');
  end.lastIndex = from;
  const found = end.exec(text);
  if (found === null || more.length > 0) return 'broken';
  const body = text.slice(from, found.index).replaceAll('\r\n', '\n');
  return { start: begin.index, stop: found.index + found[0].length, head: begin[0], body };
}

/** Of what the block says: tells a block that was edited from ours. */
function digest(body: string): string {
  return createHash('sha256').update(body, 'latin1').digest('hex').slice(0, 16);
}
