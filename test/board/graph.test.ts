import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { TaskGraph } from '../../src/board/tasks/graph.ts';
import type { Task, TaskStatus } from '../../src/board/tasks/types.ts';
import { diagramOf } from '../../src/cli/task-diagram.ts';
import { drawGraph } from '../../src/cli/task-graph.ts';

function task(id: string, dependencies: readonly string[] = [], status: TaskStatus = 'available'): Task {
  const claimedBy = status === 'claimed' ? 'worker-1' : null;
  const base = {
    description: `What ${id} is about`,
    priority: 3,
    context: { files: [], hints: '' },
    scope: [],
    needs: [],
  };
  const rest = {
    attempt: 0,
    strandings: 0,
    leaseUntil: null,
    result: null,
    reason: null,
    createdBy: 'person',
    createdAt: '',
  };
  return { ...base, ...rest, id, status, dependencies, claimedBy, updatedAt: '', doneAt: null, version: 1 };
}

function graph(...tasks: Task[]): TaskGraph {
  return { tasks, edges: tasks.flatMap(({ id, dependencies }) => dependencies.map((from) => ({ from, to: id }))) };
}

const lines = (drawn: string) => stripVTControlCharacters(drawn).split('\n');

describe('the graph in the terminal', () => {
  it('shows each task once, below what it waits for longest', () => {
    const drawn = drawGraph(
      graph(
        task('task-001', [], 'done'),
        task('task-002', ['task-001'], 'claimed'),
        task('task-003', ['task-001']),
        task('task-004', ['task-001', 'task-002'], 'blocked'),
        task('task-005'),
      ),
    );
    expect(lines(drawn)).toEqual([
      '● task-001 What task-001 is about  done',
      '├ ◐ task-002 What task-002 is about  claimed worker-1',
      '│ └ ◌ task-004 What task-004 is about  blocked  ← also task-001',
      '└ ○ task-003 What task-003 is about  available',
      '○ task-005 What task-005 is about  available',
      '',
      '5 tasks: 1 done, 1 claimed, 2 available, 1 blocked.',
    ]);
  });

  it.each([30, 40, 80, 200])('fits %i columns with forty tasks and a long chain', (width) => {
    const tasks = Array.from({ length: 40 }, (_, index) => {
      const before = index === 0 ? [] : [`task-${index - 1}`, ...(index > 5 ? [`task-${index - 5}`] : [])];
      return task(`task-${index}`, before, index % 2 ? 'blocked' : 'done');
    });
    const drawn = lines(drawGraph(graph(...tasks), width));
    expect(drawn).toHaveLength(42);
    expect(drawn.filter((line) => stringWidth(line) > width)).toEqual([]);
    for (const [index, { id }] of tasks.entries()) expect(drawn[index]).toContain(`${id} W`);
  });

  it('draws what thousands of tasks wait for, one after the other', () => {
    const tasks = Array.from({ length: 3000 }, (_, index) => task(`t${index}`, index === 0 ? [] : [`t${index - 1}`]));
    expect(lines(drawGraph(graph(...tasks), 80))).toHaveLength(3002);
  });

  it('says that there is nothing', () => {
    expect(drawGraph(graph())).toBe('The board has no tasks.');
  });
});

describe('the graph as a diagram', () => {
  const nasty = { ...task('a-b'), description: 'Say "hi"; <b>\\n</b>\n[end]' };
  const both = graph(nasty, task('task-002', ['a-b'], 'blocked'));

  it('is Graphviz', () => {
    expect(diagramOf(both, 'dot').split('\n')).toEqual([
      'digraph tasks {',
      '  rankdir=LR;',
      '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
      '  "a-b" [label="a-b\\nSay \\"hi\\"; <b>\\\\n</b> [end]\\navailable", fillcolor="#e0f7fa"];',
      '  "task-002" [label="task-002\\nWhat task-002 is about\\nblocked", fillcolor="#fff3cd"];',
      '  "a-b" -> "task-002";',
      '}',
    ]);
  });

  it('is Mermaid', () => {
    expect(diagramOf(both, 'mermaid').split('\n')).toEqual([
      'flowchart LR',
      '  t1["a-b<br/>Say #34;hi#34;#59; #60;b#62;#92;n#60;/b#62; #91;end#93;<br/>available"]:::available',
      '  t2["task-002<br/>What task-002 is about<br/>blocked"]:::blocked',
      '  t1 --> t2',
      '  classDef available fill:#e0f7fa,color:#000',
      '  classDef blocked fill:#fff3cd,color:#000',
    ]);
  });
});
