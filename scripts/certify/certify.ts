import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/lib/errors.ts';
import { CHECKS } from './checks/index.ts';
import { AGENT, type Check } from './checks/types.ts';
import type { Installed } from './install.ts';
import type { Ability, Profile } from './profiles/types.ts';
import { type Stage, setStage } from './stage.ts';
import { reach } from './watching.ts';

/** What became of one ability of one agent CLI. */
export interface Cell {
  readonly as: 'right' | 'wrong' | 'n/a';
  /** What a reader should know: the evidence, or why it is not right. */
  readonly note: string;
}

export type Cells = ReadonlyMap<Ability, Cell>;

/** Certifies one agent CLI. What was seen when something was wrong goes to `folders.logs`. */
export async function certify(
  profile: Profile,
  installed: Installed,
  folders: { readonly runs: string; readonly logs: string },
  signal: AbortSignal,
): Promise<Cells> {
  const cells = new Map<Ability, Cell>();
  const stage = await setStage(profile, installed, folders.runs);
  try {
    const over = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
    for (const check of CHECKS) {
      const cell = await Promise.race([cellOf(stage, check), over]);
      if (cell === null) break;
      process.stderr.write(
        `${profile.name}: ${check.ability}: ${cell.as}${cell.note === '' ? '' : `: ${cell.note}`}\n`,
      );
      if (cell.as === 'wrong') await keepEvidence(stage, check.ability, folders.logs);
      cells.set(check.ability, cell);
    }
  } finally {
    await stage.close().catch((error: unknown) => {
      cells.set('its processes are gone after stop', { as: 'wrong', note: messageOf(error) });
    });
  }
  return cells;
}

async function cellOf(stage: Stage, check: Check): Promise<Cell> {
  const why = stage.profile.cannot[check.ability];
  if (why !== undefined) return { as: 'n/a', note: why };
  try {
    if (check.rested !== false) await rest(stage);
    return { as: 'right', note: (await check.run(stage)) ?? '' };
  } catch (error) {
    return { as: 'wrong', note: messageOf(error) };
  }
}

/** The agent rests in its box, whatever the check before has left; else it is started again. */
async function rest(stage: Stage): Promise<void> {
  try {
    await reach(stage, AGENT, { status: ['idle'] }, 20_000);
  } catch {
    await stage.swarm(['restart', AGENT, '--yes', '--json'], { SWARM_DIALOGS_TRUST: 'accept' });
    await reach(stage, AGENT, { status: ['idle'] });
  }
}

async function keepEvidence(stage: Stage, ability: Ability, logs: string): Promise<void> {
  mkdirSync(logs, { recursive: true });
  const screen = await stage.swarm(['capture', AGENT]);
  const status = await stage.swarm(['status', AGENT, '--explain']);
  const requests = stage.server.requests.map(({ method, path, state, turn }) =>
    JSON.stringify({ method, path, state, ...turn, said: turn?.said.slice(-3), tools: turn?.tools.length }),
  );
  const name = `${stage.profile.name}-${ability.replace(/\W+/gu, '-')}.txt`;
  const texts = [screen.stdout, screen.stderr, status.stdout, status.stderr, ...requests.slice(-12)];
  writeFileSync(join(logs, name), `${texts.join('\n')}\n`);
}
