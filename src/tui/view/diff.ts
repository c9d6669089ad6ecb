import type { AgentDiff } from '../../agents/diff.ts';
import { cut, type Line, pad, type Style, span } from './span.ts';

/** A file of a diff. */
export interface DiffFile {
  readonly path: string;
  readonly plus: number;
  readonly minus: number;
  readonly kind: 'changed' | 'new' | 'deleted' | 'renamed' | 'binary';
}

/** Lines of a diff that are drawn; what is behind them, `swarm diff` shows. */
const MOST = 5000;

/** The files that changed, then every hunk. */
export function diffLines({ agent, from, diff }: AgentDiff, width: number): readonly Line[] {
  const text = diff.split('\n').slice(0, MOST);
  if (diff.trim() === '')
    return [[], [span(`  ${agent} has changed nothing since ${from?.slice(0, 9) ?? 'it began'}.`, { dim: true })]];
  const files = filesOf(text);
  const total = files.reduce((sum, { plus, minus }) => ({ plus: sum.plus + plus, minus: sum.minus + minus }), {
    plus: 0,
    minus: 0,
  });
  const head: Line = [
    span(` ${files.length} file${files.length === 1 ? '' : 's'}`, { bold: true }),
    span(`  +${total.plus}`, { colour: 'green' }),
    span(` -${total.minus}`, { colour: 'red' }),
    span(`  since ${from?.slice(0, 9) ?? 'the beginning'}`, { dim: true }),
  ];
  const more: Line[] = text.length < MOST ? [] : [[span(`… swarm diff ${agent} shows the rest`, { colour: 'cyan' })]];
  return [head, ...files.map((file) => fileLine(file, width)), [], ...text.map(hunkLine), ...more];
}

function fileLine({ path, plus, minus, kind }: DiffFile, width: number): Line {
  const numbers = kind === 'binary' ? 'binary' : `+${plus} -${minus}`;
  return [
    span(`  ${pad(numbers, 12)}`, { dim: true }),
    span(cut(path, width - 26)),
    span(kind === 'changed' || kind === 'binary' ? '' : `  ${kind}`, { colour: 'cyan' }),
  ];
}

/** The files that a unified diff tells of. */
function filesOf(lines: readonly string[]): DiffFile[] {
  const files: DiffFile[] = [];
  let inHunk = false;
  const last = (patch: Partial<DiffFile>) => {
    const file = files.at(-1);
    if (file !== undefined) files[files.length - 1] = { ...file, ...patch };
  };
  for (const line of lines) {
    const file = files.at(-1);
    const header = /^diff --git (?:"?a\/.*"? )"?b\/(.*?)"?$/.exec(line);
    if (header) {
      inHunk = false;
      files.push({ path: header[1] ?? '', plus: 0, minus: 0, kind: 'changed' });
    } else if (line.startsWith('@@')) inHunk = true;
    else if (inHunk && line.startsWith('+')) last({ plus: (file?.plus ?? 0) + 1 });
    else if (inHunk && line.startsWith('-')) last({ minus: (file?.minus ?? 0) + 1 });
    else if (!inHunk && line.startsWith('new file')) last({ kind: 'new' });
    else if (!inHunk && line.startsWith('deleted file')) last({ kind: 'deleted' });
    else if (!inHunk && line.startsWith('rename to')) last({ kind: 'renamed' });
    else if (!inHunk && line.startsWith('Binary files')) last({ kind: 'binary' });
  }
  return files;
}

function hunkLine(text: string): Line {
  return [span(text.replaceAll('\t', '    '), styleOf(text))];
}

function styleOf(text: string): Style {
  if (text.startsWith('diff --git')) return { bold: true, inverse: true };
  if (text.startsWith('@@')) return { colour: 'cyan' };
  if (/^(?:\+\+\+|---|index |new file|deleted file|similarity|rename |old mode|new mode|Binary)/.test(text))
    return { dim: true };
  if (text.startsWith('+')) return { colour: 'green' };
  return text.startsWith('-') ? { colour: 'red' } : {};
}
