import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Answered } from '../../src/agents/approve/answer.ts';
import type { Conflict } from '../../src/agents/collisions.ts';
import type { DemoResult } from '../../src/agents/demo/types.ts';
import type { KeysReport } from '../../src/agents/keys/install.ts';
import type { Removal } from '../../src/agents/life/remove.ts';
import type { Restorable } from '../../src/agents/life/restorable.ts';
import type { LogLine } from '../../src/agents/log/log.ts';
import type { McpConnection } from '../../src/agents/mcp-config.ts';
import type { Output } from '../../src/agents/output.ts';
import type { Question } from '../../src/agents/question.ts';
import type { Agent, Delivery } from '../../src/agents/types.ts';
import type { AskedPerson } from '../../src/board/asked.ts';
import type { Memory } from '../../src/board/memory.ts';
import type { Message } from '../../src/board/messages/types.ts';
import type { Plan } from '../../src/board/plan.ts';
import type { TaskGraph } from '../../src/board/tasks/graph.ts';
import type { TaskEvent } from '../../src/board/tasks/history.ts';
import type { Imported } from '../../src/board/tasks/import.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import type { Checkpoint } from '../../src/merge/checkpoint.ts';
import type { Contender } from '../../src/merge/compare.ts';
import type { PullResult } from '../../src/merge/pull-request.ts';
import type { QueueEntry } from '../../src/merge/queue/entries.ts';
import type { MergeResult } from '../../src/merge/types.ts';
import type { UpResult } from '../../src/supervisor/up.ts';
import { type Result, root } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { makeWorld, type World } from '../support/world.ts';

type CallOptions = NonNullable<Parameters<World['swarm']>[1]>;

interface Failure {
  readonly ticket: string | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Record<string, unknown>;
}

/** The documents of design section 7, each held to its schema in templates/schemas. */
interface Documents {
  spawn: { agents: Agent[]; deliveries: Delivery[]; errors: Failure[]; error?: Failure };
  ls: {
    agents: Agent[];
    removed: Restorable[] | null;
    questions: AskedPerson[];
    unread: number;
    massDeath: { at: string; names: string[] } | null;
    databaseRestored: { at: string; backedUpAt: string; kept: string | null } | null;
    conflicts: Conflict[] | null;
  };
  status: { agent: Agent; question?: Question | null };
  output: { output: Output };
  approve: { approved: Answered };
  send: { deliveries: Delivery[] };
  revive: { agent: Agent; resumed: boolean; deliveries: Delivery[] };
  keys: { keys: KeysReport };
  checkpoint: { checkpoint: Checkpoint };
  conflicts: { conflicts: Conflict[]; errors: Failure[] };
  merge: { merge: MergeResult };
  pr: { pull: PullResult };
  compare: { agents: Contender[] };
  pick: { picked: string; ticket: string; dryRun: boolean; removed: Removal[]; errors: Failure[]; error?: Failure };
  queue: { queue: QueueEntry[]; paused?: string | null };
  up: UpResult;
  log: { events: LogLine[] };
  'log-line': { event: LogLine };
  down: { supervisor: { pid: number } };
  'task-answer': { task: Task | null; reason?: string | null; history?: TaskEvent[] };
  tasks: { tasks: Task[] };
  'task-goal': { plan: Plan | null };
  'task-graph': TaskGraph & { diagram: string | null };
  'task-import': Imported;
  'task-export': { file: string | null; tasks: Task[] };
  messages: { messages: Message[]; errors?: (Omit<Failure, 'ticket'> & { id: string })[] };
  'msg-show': { message: Message };
  ask: { question: Message; answer: Message | null };
  answer: { answer?: Message; questions?: Message[] };
  memory: { memory?: Memory; memories?: Memory[] };
  demo: DemoResult & { error?: Omit<Failure, 'ticket'> };
  'mcp-config': { mcp: McpConnection };
  error: { error: Omit<Failure, 'ticket'> };
}

const folder = join(root, 'templates', 'schemas');
const ajv = new Ajv2020.Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const file of readdirSync(folder)) ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')));

/** The answer of a command, once it has been held to the schema of that name. */
export function documentOf<Name extends keyof Documents>(name: Name, result: Result): Documents[Name] {
  const document = result.jsonAs<Documents[Name]>();
  const valid = ajv.validate(`https://swarm.invalid/schemas/${name}.json`, document);
  expect(valid ? '' : `${ajv.errorsText(ajv.errors, { separator: '\n' })}\nin ${result.stdout}`).toBe('');
  return document;
}

/** One world for all tests of the surrounding block: for tests that don't disturb each other. */
export function sharedWorld(options: Parameters<typeof makeWorld>[0] = {}): World {
  const holder = {} as World;
  beforeAll(async () => {
    Object.assign(holder, await makeWorld(options));
  });
  afterAll(() => holder.dispose());
  return holder;
}

/** Runs swarm with `--json`, expects the exit code and answers with the document. */
export async function call<Name extends keyof Documents>(
  world: World,
  name: Name,
  words: readonly string[],
  options: CallOptions & { readonly exit?: number } = {},
): Promise<Documents[Name]> {
  const [command = '', ...more] = words;
  const result = await world.swarm([command, '--json', ...more], options);
  expect({ exit: result.exitCode, ...(result.exitCode === (options.exit ?? 0) ? {} : result) }).toEqual({
    exit: options.exit ?? 0,
  });
  return documentOf(name, result);
}

/** Spawns one scripted agent that has its prompt. */
export async function spawnOne(world: World, words: readonly string[], options: CallOptions = {}): Promise<Agent> {
  const { agents } = await call(world, 'spawn', ['spawn', '--agent', 'scripted', ...words], options);
  const [agent] = agents;
  if (agent === undefined) throw new Error('no agent was made');
  return agent;
}

/** Runs swarm with `--json`, expects a refusal with that exit code, and answers with its error. */
export async function refused(
  world: World,
  words: readonly string[],
  exit: number,
  options: CallOptions = {},
): Promise<Documents['error']['error']> {
  return (await call(world, 'error', words, { ...options, exit })).error;
}

/** Waits until an agent's screen holds the text: a program that has just started or been told something draws a moment later. */
export async function shows(world: World, name: string, text: string): Promise<void> {
  const screen = async () => (await world.swarm(['capture', name, '--lines', '500'])).stdout;
  await waitFor(async (see) => (see(await screen()).includes(text) ? true : null), `${text} on the screen of ${name}`);
}
