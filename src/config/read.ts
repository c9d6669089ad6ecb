import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { messageOf } from '../lib/errors.ts';
import type { Problem } from './problems.ts';

/** A file as written, before it is known to make sense. */
export interface ReadYaml {
  /** Null for an empty file. */
  readonly value: unknown;
  /** The line (from 1) of the key or list entry at a path, or of its nearest parent that is in the file. */
  lineOf(path: readonly (string | number)[]): number | null;
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2. Syntax errors, keys said twice and unknown tags are problems, with their line. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    key: null,
    message: `this is not YAML: ${error.message}`,
    hint: null,
  }));
  if (problems.length > 0) return { value: null, lineOf: () => null, problems };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Aliases of nothing, and those that would unfold without end.
    const message = `this is not YAML: ${messageOf(error)}`;
    return { value: null, lineOf: () => null, problems: [{ file, line: null, key: null, message, hint: null }] };
  }
  return {
    value,
    problems,
    lineOf(path) {
      const offset = offsetOf(document, path);
      return offset === null ? null : lines.linePos(offset).line;
    },
  };
}

function offsetOf(document: Document, path: readonly (string | number)[]): number | null {
  let node: unknown = document.contents;
  let offset = start(node);
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(step));
      offset = start(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = start(node) ?? offset;
    } else break;
  }
  return offset;
}

function start(node: unknown): number | null {
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}
