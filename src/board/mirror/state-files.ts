import { fileTask } from './file-task.ts';
import type { Snapshot, Worker } from './snapshot.ts';
import { memoryFile } from './take-memory.ts';
import type { Content } from './types.ts';

/*
 * The state of the whole and of each worker, in the words of the seeds (S0-30..32, S0-37..40). For reading; of these only a
 * worker's memory is taken when somebody writes it.
 */

/** Milliseconds by which a sign of life is shown: more often the files need not change. */
const BEAT = 30_000;

/** Who is paused or has ended does nothing before somebody brings it back: whoever reads `idle` would give it work. */
const STATUS: Readonly<Record<string, 'idle' | 'working' | 'blocked' | 'error'>> = {
  starting: 'working',
  working: 'working',
  waiting: 'blocked',
  blocked: 'blocked',
  paused: 'blocked',
  exited: 'blocked',
  stuck: 'error',
  failed: 'error',
  unknown: 'error',
};

export function stateFiles(board: Snapshot): Map<string, Content> {
  const files = new Map<string, Content>();
  const tasks = board.tasks.map(fileTask);
  const [active, completed, pending] = [
    tasks.filter(({ status }) => status === 'claimed'),
    tasks.filter(({ status }) => status === 'done' || status === 'failed'),
    tasks.filter(({ status }) => status === 'available' || status === 'blocked'),
  ];
  files.set('state/tasks/active-tasks.json', { tasks: active });
  files.set('state/tasks/completed-tasks.json', { tasks: completed });
  const waits = tasks.filter(({ dependencies }) => dependencies.length > 0);
  const dependencies = Object.fromEntries(waits.map((task) => [task.id, task.dependencies]));
  files.set('state/tasks/task-dependencies.json', { dependencies });
  for (const worker of board.workers) {
    files.set(`state/workers/${worker.name}-state.json`, workerState(board, worker));
    files.set(memoryFile(worker.name), contextOf(board, worker));
  }
  files.set('state/system-state.json', {
    workers: Object.fromEntries(board.workers.map((worker) => [worker.name, workerInfo(board, worker)])),
    tasks: { active, pending, completed },
    gitState: { branches: board.workers.flatMap(branchOf), mergeQueue: board.merges },
    systemMetrics: {
      workers: board.workers.length,
      tasks: tasks.length,
      active: active.length,
      pending: pending.length,
      completed: completed.length,
      messages: board.messages.length,
    },
  });
  return files;
}

function workerInfo(board: Snapshot, worker: Worker): Content {
  const { agent } = worker;
  const currentTask = taskOf(board, worker)?.id ?? null;
  const idle = currentTask === null ? 'idle' : 'working';
  return {
    id: worker.name,
    status: agent === null ? idle : (STATUS[agent.status] ?? 'idle'),
    swarmStatus: agent?.status ?? null,
    currentTask,
    branch: agent?.branch ?? null,
    workingDirectory: agent?.worktree ?? null,
    lastHeartbeat: beatOf(worker.seenAt),
    capabilities: worker.capabilities,
  };
}

function workerState(board: Snapshot, worker: Worker): Content {
  const task = taskOf(board, worker);
  const { discoveries: _, ...context } = contextOf(board, worker);
  const mine = board.messages.filter((message) => message.from === worker.name && message.type === 'QUESTION');
  return {
    id: worker.name,
    currentTask: task === undefined ? null : fileTask(task),
    context,
    gitState: {
      branch: worker.agent?.branch ?? null,
      lastCommit: worker.git?.head ?? null,
      uncommittedChanges: worker.git?.dirty == null ? null : worker.git.dirty > 0,
    },
    communication: {
      lastMasterContact: worker.leaderAt === null ? null : Date.parse(worker.leaderAt),
      pendingQuestions: mine.map(({ id, to, text, taskId, createdAt }) => ({ id, to, text, taskId, createdAt })),
    },
  };
}

/** What a worker keeps in mind. */
function contextOf({ memory }: Snapshot, { name }: Worker): Readonly<Record<string, readonly string[]>> {
  const of = (kind: string) => memory.filter((one) => one.owner === name && one.kind === kind).map(({ text }) => text);
  return {
    files: of('files'),
    concepts: of('concepts'),
    decisions: of('decisions'),
    blockers: of('blockers'),
    discoveries: of('discoveries'),
  };
}

function taskOf({ tasks }: Snapshot, { name }: Worker) {
  return tasks.find(({ status, claimedBy }) => status === 'claimed' && claimedBy === name);
}

function branchOf({ name, agent, git }: Worker): unknown[] {
  if (!agent?.branch) return [];
  return [{ name: agent.branch, worker: name, base: agent.base, head: git?.head ?? null }];
}

function beatOf(at: string | null): number | null {
  return at === null ? null : Math.floor(Date.parse(at) / BEAT) * BEAT;
}
