import stringWidth from 'string-width';
import type { TaskGraph } from '../board/tasks/graph.ts';
import type { Task, TaskStatus } from '../board/tasks/types.ts';
import { plainLine } from '../lib/text.ts';
import { paint } from './output.ts';
import { cut } from './table.ts';

/** The sign of each status; its word stands at the end of the line, so that colour is never alone. */
const SIGNS: Readonly<Record<TaskStatus, readonly [sign: string, colour: Parameters<typeof paint>[0]]>> = {
  available: ['○', 'cyan'],
  claimed: ['◐', 'blue'],
  blocked: ['◌', 'yellow'],
  done: ['●', 'green'],
  failed: ['✗', 'red'],
};
/** Columns that a description keeps, however deep it stands. */
const LEAST_TEXT = 12;

/** A task at its place in the tree. */
interface Node {
  readonly task: Task;
  readonly children: Node[];
}

/**
 * The graph as a tree of what waits for what, each task once: below the one that it has to wait for longest, with the others
 * it waits for behind it. Lines are cut to `width`.
 */
export function drawGraph(graph: TaskGraph, width = terminalWidth()): string {
  if (graph.tasks.length === 0) return 'The board has no tasks.';
  const lines: string[] = [];
  for (const root of treeOf(graph)) draw(root, '', '', width, lines);
  return [...lines, '', countsOf(graph.tasks)].join('\n');
}

/** `12 tasks: 3 done, 1 claimed, 8 blocked.` */
function countsOf(tasks: readonly Task[]): string {
  const order: readonly TaskStatus[] = ['done', 'claimed', 'available', 'blocked', 'failed'];
  const counts = order.flatMap((status) => {
    const count = tasks.filter((task) => task.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return `${tasks.length} task${tasks.length === 1 ? '' : 's'}: ${counts.join(', ')}.`;
}

/** Tasks that wait for nothing, each with those that wait for it. */
function treeOf({ tasks }: TaskGraph): Node[] {
  const nodes = new Map(tasks.map((task) => [task.id, { task, children: [] } as Node]));
  const depth = depthsOf(tasks);
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parents = node.task.dependencies.flatMap((id) => nodes.get(id) ?? []);
    const deepest = parents.toSorted((a, b) => (depth.get(b.task.id) ?? 0) - (depth.get(a.task.id) ?? 0))[0];
    (deepest?.children ?? roots).push(node);
  }
  return roots;
}

/** How many tasks, one after the other, have to be done before each. */
function depthsOf(tasks: readonly Task[]): Map<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const depths = new Map<string, number>();
  // The board has no rings, and a chain of thousands must not end the stack: those that are known first.
  let left = [...byId.values()];
  while (left.length > 0) {
    const ready = left.filter(({ dependencies }) => dependencies.every((id) => depths.has(id) || !byId.has(id)));
    if (ready.length === 0) break;
    const found = ready.map(({ id, dependencies }) => {
      const before = dependencies.map((one) => depths.get(one) ?? -1);
      return [id, Math.max(-1, ...before) + 1] as const;
    });
    for (const [id, depth] of found) depths.set(id, depth);
    left = left.filter(({ id }) => !depths.has(id));
  }
  return depths;
}

/** Writes a task and all below it; without recursion where a chain goes on. */
function draw(root: Node, lead: string, indent: string, width: number, lines: string[]): void {
  const stack = [{ node: root, lead, indent, under: null as Task | null }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, lead: first, indent: rest, under } = next;
    lines.push(lineOf(node.task, clipped(first, width), under, width));
    const below = node.children.map((child, index) => {
      const last = index === node.children.length - 1;
      return {
        node: child,
        lead: `${rest}${last ? '└ ' : '├ '}`,
        indent: `${rest}${last ? '  ' : '│ '}`,
        under: node.task,
      };
    });
    stack.push(...below.reverse());
  }
}

/** The lines before a task; what is deeper than half of the screen loses its beginning. */
function clipped(lead: string, width: number): string {
  const most = Math.floor(width / 2);
  return lead.length <= most ? lead : `⋯${lead.slice(lead.length - most + 1)}`;
}

function lineOf(task: Task, lead: string, under: Task | null, width: number): string {
  const [sign, colour] = SIGNS[task.status];
  const others = task.dependencies.filter((id) => id !== under?.id);
  const before = `${lead}${sign} ${task.id} `;
  const who = task.claimedBy === null ? '' : ` ${task.claimedBy}`;
  const after = `  ${task.status}${who}${others.length === 0 ? '' : `  ← also ${others.join(', ')}`}`;
  const room = width - stringWidth(before);
  const tail = cut(after, Math.max(0, room - LEAST_TEXT));
  const text = cut(plainLine(task.description), Math.max(1, room - stringWidth(tail)));
  return `${lead}${paint(colour, sign)} ${paint('bold', task.id)} ${text}${paint(colour, tail)}`;
}

/** Columns of the terminal; without one no limit. */
function terminalWidth(): number {
  return (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;
}
