import type { TaskGraph } from '../board/tasks/graph.ts';
import type { Task, TaskStatus } from '../board/tasks/types.ts';
import { plainLine } from '../lib/text.ts';

export const DIAGRAMS = ['dot', 'mermaid'] as const;
export type Diagram = (typeof DIAGRAMS)[number];

/** Fill of each status, dark text on all of them. */
const FILLS: Readonly<Record<TaskStatus, string>> = {
  available: '#e0f7fa',
  claimed: '#bbdefb',
  blocked: '#fff3cd',
  done: '#c8e6c9',
  failed: '#ffcdd2',
};
/** Characters of a description in a box. */
const MOST = 60;

/** The graph in the language of Graphviz or Mermaid. */
export function diagramOf(graph: TaskGraph, format: Diagram): string {
  return format === 'dot' ? dot(graph) : mermaid(graph);
}

function dot({ tasks, edges }: TaskGraph): string {
  const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const label = (task: Task) => quoted(wordsOf(task).join('\n')).replaceAll('\n', '\\n');
  return [
    'digraph tasks {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ...tasks.map((task) => `  ${quoted(task.id)} [label=${label(task)}, fillcolor="${FILLS[task.status]}"];`),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    '}',
  ].join('\n');
}

/** Boxes are numbered: an id may hold what Mermaid takes for its own words. */
function mermaid({ tasks, edges }: TaskGraph): string {
  const box = new Map(tasks.map(({ id }, index) => [id, `t${index + 1}`]));
  const label = (task: Task) => wordsOf(task).map(entities).join('<br/>');
  const used = [...new Set(tasks.map(({ status }) => status))];
  return [
    'flowchart LR',
    ...tasks.map((task) => `  ${box.get(task.id)}["${label(task)}"]:::${task.status}`),
    ...edges.map(({ from, to }) => `  ${box.get(from)} --> ${box.get(to)}`),
    ...used.map((status) => `  classDef ${status} fill:${FILLS[status]},color:#000`),
  ].join('\n');
}

function wordsOf(task: Task): string[] {
  const text = plainLine(task.description);
  const short = text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
  return [task.id, short, [task.status, task.claimedBy ?? ''].join(' ').trim()];
}

/** Mermaid's own way to write what would end its text or begin a tag. */
function entities(text: string): string {
  return text.replace(/[#"<>&`;\\[\]{}]/g, (sign) => `#${sign.codePointAt(0)};`);
}
