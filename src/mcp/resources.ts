import type { McpServer } from '@modelcontextprotocol/server';
import type { Board } from '../board/context.ts';
import { searchMemory } from '../board/memory.ts';
import { readPlan } from '../board/plan.ts';
import { listTasks } from '../board/tasks/read.ts';
import type { Door } from './door.ts';
import { snakeKeys } from './snake.ts';

/** Something of the board that a client can read, and be told of when it changes. */
interface BoardResource {
  readonly name: string;
  readonly uri: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  read(door: Door): Promise<string>;
  /** Another text when it has changed; far cheaper than to read it. */
  mark(board: Board): Promise<string>;
}

const MARKDOWN = 'text/markdown';

/** Discoveries that are shown, the newest. */
const MOST = 200;

export const RESOURCES: readonly BoardResource[] = [
  {
    name: 'plan',
    uri: 'swarm://plan',
    title: 'Goal and master plan',
    description: "The team's goal, and how it means to get there.",
    mimeType: MARKDOWN,
    read: async ({ board }) => {
      const plan = await readPlan(board);
      if (plan === null) return 'There is no plan yet.\n';
      return `# Goal\n\n${plan.goal}\n\n# Plan\n\n${plan.plan}\n\n_Version ${plan.version}, by ${plan.by}, ${plan.at}_\n`;
    },
    mark: async (board) => String((await readPlan(board))?.version),
  },
  {
    name: 'tasks',
    uri: 'swarm://tasks',
    title: 'Tasks',
    description: 'All tasks, in the order in which they are claimed.',
    mimeType: 'application/json',
    read: async ({ board }) => JSON.stringify({ tasks: (await listTasks(board)).map(snakeKeys) }, null, 2),
    mark: async ({ db }) => {
      const sums = await db
        .selectFrom('tasks')
        .select((eb) => [eb.fn.countAll().as('count'), eb.fn.sum('version').as('versions')])
        .executeTakeFirst();
      return JSON.stringify(sums);
    },
  },
  {
    name: 'discoveries',
    uri: 'swarm://discoveries',
    title: 'Discoveries',
    description: 'What the team has found out, the newest first.',
    mimeType: MARKDOWN,
    read: async ({ board, caller }) => {
      const found = await searchMemory(board, await caller(), { kind: 'discoveries', whose: 'team', limit: MOST });
      if (found.length === 0) return 'Nobody has shared a discovery yet.\n';
      return found.map(({ text, createdBy, createdAt }) => `- ${text} _(${createdBy}, ${createdAt})_\n`).join('');
    },
    mark: async ({ db }) => {
      const team = db.selectFrom('memory').where('kind', '=', 'discoveries').where('owner', 'is', null);
      const ids = await team
        .select((eb) => [eb.fn.countAll().as('count'), eb.fn.max('id').as('last')])
        .executeTakeFirst();
      return JSON.stringify(ids);
    },
  },
];

/** Lets clients read the board. */
export function addResources(server: McpServer, door: Door): void {
  for (const { name, uri, title, description, mimeType, read } of RESOURCES) {
    server.registerResource(name, uri, { title, description, mimeType }, async () => {
      await door.caller();
      return { contents: [{ uri, mimeType, text: await read(door) }] };
    });
  }
}
