import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { custom } from '../../src/agents/clis/custom.ts';
import { scripted } from '../../src/agents/clis/scripted.ts';
import type { AgentCli } from '../../src/agents/clis/types.ts';
import { deliver } from '../../src/agents/deliver/deliver.ts';
import type { DeliveryRequest } from '../../src/agents/deliver/types.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import type { LogLine } from '../../src/agents/scripted/record.ts';
import type { Delivery } from '../../src/agents/types.ts';
import type { AgentCliConfig } from '../../src/config/types.ts';
import { openSessionDb, type SessionDb } from '../../src/store/open.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { nodeFolder, root } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import type { World } from '../support/world.ts';
import { driver, session } from '../tmux/support.ts';

export interface AgentOptions {
  /** Options of the scripted agent: `--slow 20`. */
  readonly modes?: readonly string[];
  /** Whether it reports to the spool, as CLIs with hooks do. */
  readonly hooks?: boolean;
  /** Another program than the scripted agent. */
  readonly argv?: readonly string[];
  readonly cli?: AgentCli;
  readonly name?: string;
}

/** An agent in a window of the world's tmux server. */
export interface TestAgent {
  readonly to: Tmux;
  readonly db: SessionDb;
  readonly pane: string;
  readonly pid: number;
  readonly dir: string;
  send(text: string, more?: Partial<DeliveryRequest>): Promise<Delivery>;
  /** What the scripted agent wrote down. */
  log(): LogLine[];
  /** The prompts that it received. */
  prompts(): string[];
  /** Waits until its screen is in this state. */
  shows(state: string): Promise<void>;
  draft(): Promise<string | null>;
  /** Types as a person would. */
  type(...keys: string[]): Promise<unknown>;
}

/** One connection for each world: two in one process would wait for each other. */
const databases = new Map<string, Promise<SessionDb>>();
afterEach(async () => {
  for (const db of databases.values()) await (await db).destroy();
  databases.clear();
});

function databaseOf(state: string): Promise<SessionDb> {
  const db = databases.get(state) ?? openSessionDb(state);
  databases.set(state, db);
  return db;
}

export async function openAgent(world: World, options: AgentOptions = {}): Promise<TestAgent> {
  const name = options.name ?? 'worker-1';
  const cli = options.cli ?? scripted;
  const state = join(world.dir, 'session');
  const dir = join(state, 'agents', name);
  const spoolDir = join(dir, 'events');
  mkdirSync(spoolDir, { recursive: true });
  const db = await databaseOf(state);
  const log = join(dir, 'scripted.log');
  const hooks = options.hooks ? [`SWARM_HOOK=${join(root, 'hooks', 'report')}`, `SWARM_SPOOL=${spoolDir}`] : [];
  const program = [join(nodeFolder, 'node'), join(root, 'dist', 'agents', 'scripted', 'main.js'), '--log', log];
  const to = driver(world);
  // By this variable its end is awaited before the world's folder goes.
  const known = `SWARM_STATE_HOME=${world.env['SWARM_STATE_HOME']}`;
  const argv = ['/usr/bin/env', known, ...hooks, ...(options.argv ?? [...program, ...(options.modes ?? [])])];
  const at = { session: await session(world, to), name, cwd: world.repo, argv, agentId: name };
  const { pane, pid } = await to.newWindow(at);
  const look = async () => {
    const facts = (await to.snapshot([pane])).get(pane);
    return facts ? cli.look(parseScreen(facts.text, facts)) : null;
  };
  const lines = (): LogLine[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  const request = { db, tmux: to, cli, pane, pid, agentId: name, agentDir: dir, spoolDir, raw: true };
  const usual = { mode: 'when-idle', timeoutMs: 20_000, dialogsTrust: 'ask', queue: false } as const;
  return {
    to,
    db,
    pane,
    pid,
    dir,
    send: (text, more) => deliver({ ...request, ...usual, text, ...more }),
    log: lines,
    prompts: () => lines().flatMap((line) => ('prompt' in line ? [line.prompt] : [])),
    shows: async (wanted) => {
      await waitFor(async (see) => (see(await look())?.state === wanted ? true : null), `a ${wanted} agent`);
    },
    draft: async () => (await look())?.input.draft ?? null,
    type: (...keys) => to.run(['send-keys', '-t', pane, ...keys]),
  };
}

/** Options for an agent whose turns end at once. */
export function quickScript(world: World): string[] {
  return ['--script', world.write(join(world.dir, 'quick.yaml'), 'default: [{ say: "Done." }]\n')];
}

/** A CLI that swarm.yaml describes. */
export function described(config: Partial<AgentCliConfig>): AgentCli {
  const none = {
    prompt: null,
    paste: null,
    ready: null,
    input: null,
    busy: null,
    waiting: null,
    clear: null,
    resume: null,
  };
  return custom('bot', { command: ['bot', 'x'], args: [], env: {}, ...none, ...config });
}
