import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { approveCommands } from '../agents/consent.ts';
import { hookEnvironment } from '../agents/environment.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import type { AgentStatus } from '../agents/types.ts';
import type { HookName } from '../config/types.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import type { AgentRow } from '../store/schema.ts';
import { HOOK_KEYS } from '../workspace/commands.ts';
import { runHooks } from '../workspace/hooks.ts';
import type { Transition } from './transitions.ts';

/** The hooks that a status runs once an agent gets it. A stuck agent needs the same help as a failed one. */
const HOOKS: Readonly<Partial<Record<AgentStatus, HookName>>> = {
  waiting: 'onWaiting',
  idle: 'onIdle',
  done: 'onDone',
  failed: 'onFailed',
  stuck: 'onFailed',
};

/** Runs the user's hooks on changes of status, those of one agent one after the other. */
export class StatusHooks {
  readonly #last = new Map<string, Promise<void>>();

  start(session: Session, row: AgentRow, change: Transition): void {
    const name = HOOKS[change.to];
    if (name === undefined || session.config.hooks[name].length === 0) return;
    const before = this.#last.get(row.id) ?? Promise.resolve();
    const done = before.then(() => run(session, row, change, name)).catch((error: unknown) => trouble(error));
    this.#last.set(row.id, done);
    void done.then(() => {
      if (this.#last.get(row.id) === done) this.#last.delete(row.id);
    });
  }

  async settle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}

async function run(session: Session, row: AgentRow, change: Transition, name: HookName): Promise<void> {
  const key = HOOK_KEYS[name].replace('hooks.', '');
  try {
    const plan = await approveCommands(session, [HOOK_KEYS[name]], { yes: false, ask: null });
    const results = await runHooks({
      plan,
      name,
      cwd: row.worktree !== null && existsSync(row.worktree) ? row.worktree : session.repo.root,
      env: {
        ...hookEnvironment(session, row),
        SWARM_STATUS: change.to,
        SWARM_STATUS_BEFORE: change.from,
        SWARM_REASON: change.reason ?? '',
      },
      logFile: join(session.repo.stateDir, 'logs', row.name, `${key}.log`),
      timeoutMs: session.config.hooks.timeout,
      anyway: 'swarm trust',
    });
    await recordEvent(session.db, row.name, 'hook', { name: key, results });
  } catch (error) {
    // No consent, or a script in the worktree that is not the approved one.
    await recordEvent(session.db, row.name, 'hook-skipped', { name: key, reason: messageOf(error) });
  }
}

function trouble(error: unknown): void {
  log('warn', `a hook could not be run: ${messageOf(error)}`);
}
