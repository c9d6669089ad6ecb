import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { exit, UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/text.ts';

/** A value in a YAML file that knows its line: reads come back checked, or are refused with file and line. */
export interface Value {
  readonly line: number;
  /** A single value as its text; refuses anything else. */
  text(what: string): string;
  number(what: string): number;
  list(what: string): Value[];
  /** The keys of a mapping, each one of `known`. */
  keys(what: string, known: readonly string[]): ReadonlyMap<string, Value>;
  isText(): boolean;
  isMap(): boolean;
  refuse(message: string): UserError;
}

/** Reads a YAML file's text. `file` names it in errors. Null for an empty one. */
export function readYaml(file: string, text: string): Value | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) throw refusal(file, lines.linePos(problem.pos[0]).line, problem.message);
  const root = document.contents;
  return root === null ? null : toValue(root, { file, lineOf: (node) => lines.linePos(node.range?.[0] ?? 0).line });
}

interface Place {
  readonly file: string;
  lineOf(node: Node): number;
}

function toValue(node: Node, place: Place): Value {
  const line = place.lineOf(node);
  const refuse = (message: string) => refusal(place.file, line, message);
  const text = (what: string) => {
    if (!isScalar(node)) throw refuse(`${what} must be a single value.`);
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value ?? ''));
  };
  return {
    line,
    refuse,
    text,
    isText: () => isScalar(node),
    isMap: () => isMap(node),
    number: (what) => {
      const value = Number(text(what).trim() || Number.NaN);
      if (!Number.isInteger(value) || value < 0) throw refuse(`${what} must be a whole number.`);
      return value;
    },
    list: (what) => {
      if (!isSeq<Node>(node)) throw refuse(`${what} must be a list.`);
      return node.items.map((item) => toValue(item, place));
    },
    keys: (what, known) => {
      if (!isMap<Node, Node | null>(node)) throw refuse(`${what} must be a mapping of keys to values.`);
      const values = new Map<string, Value>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (!known.includes(name)) throw refusal(place.file, place.lineOf(key), unknownKey(name, what, known));
        values.set(name, toValue(value ?? key, place));
      }
      return values;
    },
  };
}

function unknownKey(name: string, what: string, known: readonly string[]): string {
  const near = nearest(name, known, 1)[0];
  return `unknown key '${name}' in ${what}. ${near ? `Did you mean '${near}'?` : `Known: ${known.join(', ')}.`}`;
}

function refusal(file: string, line: number, message: string): UserError {
  return new UserError({ code: 'BAD_SCRIPT', exit: exit.usage, message: `${file}:${line}: ${message}`, hint: null });
}
