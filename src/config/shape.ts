import { homedir } from 'node:os';
import { parseDuration } from '../lib/duration.ts';
import type { RawAgentCli, RawConfig } from './defaults.ts';
import type { AgentCliConfig, Config } from './types.ts';

/** From the file's words to the program's: camelCase, milliseconds, numbers. The raw config has been validated. */
export function shapeConfig(raw: RawConfig, env: NodeJS.ProcessEnv): Config {
  const [from = 0, to = 0] = raw.ports.range.split('-').map(Number);
  const { hooks, limits, supervisor, tmux } = raw;
  return {
    agent: raw.agent,
    agents: Object.fromEntries(Object.entries(raw.agents).map(([name, cli]) => [name, shapeCli(cli)])),
    worktrees: { ...raw.worktrees, dir: raw.worktrees.dir.replace(/^~(?=\/|$)/, env['HOME'] || homedir()) },
    files: raw.files,
    hooks: {
      postCreate: hooks.post_create,
      preRemove: hooks.pre_remove,
      postRemove: hooks.post_remove,
      postMerge: hooks.post_merge,
      onWaiting: hooks.on_waiting,
      onIdle: hooks.on_idle,
      onDone: hooks.on_done,
      onFailed: hooks.on_failed,
      timeout: ms(hooks.timeout),
    },
    ports: { from, to, names: raw.ports.names },
    dev: raw.dev,
    tickets: raw.tickets,
    tmux: {
      session: tmux.session,
      window: tmux.window,
      panes: tmux.panes.map(({ command, size }) => ({ command, size: size == null ? null : String(size) })),
    },
    dialogs: raw.dialogs,
    approvals: raw.approvals,
    notify: raw.notify,
    keys: raw.keys,
    limits: { agents: limits.agents, idleTimeout: ms(limits.idle_timeout), taskTimeout: ms(limits.task_timeout) },
    supervisor: {
      heartbeat: ms(supervisor.heartbeat),
      restarts: supervisor.restarts,
      within: ms(supervisor.within),
      mirror: supervisor.mirror,
    },
    merge: raw.merge,
    budget: raw.budget,
    store: raw.store,
  };
}

function shapeCli(cli: RawAgentCli): AgentCliConfig {
  return {
    command: cli.command ?? null,
    args: cli.args ?? [],
    env: cli.env ?? {},
    prompt: cli.prompt ?? null,
    paste: cli.paste ?? null,
    ready: cli.ready ?? null,
    input: cli.input ?? null,
    busy: cli.busy ?? null,
    waiting: cli.waiting ?? null,
    clear: cli.clear ?? null,
    resume: cli.resume ?? null,
  };
}

/** The schema let only durations through. */
function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
