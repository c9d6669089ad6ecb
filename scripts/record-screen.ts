// Records the screen of a running agent as a case for the detectors.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { agentCli } from '../src/agents/clis/index.ts';
import { requireProgram } from '../src/agents/clis/program.ts';
import { panesOf } from '../src/agents/observe.ts';
import { resolveAgent } from '../src/agents/resolve.ts';
import { parseScreen } from '../src/agents/screen.ts';
import { type Session, withSession } from '../src/agents/session.ts';
import { run } from '../src/process/run.ts';
import { FOLDER } from '../test/clis/fixtures.ts';

/**
 * Writes NAME.txt (as `capture-pane -e -p -N` gives it) and NAME.yaml, with what the detectors say now: right or wrong,
 * which a person must judge. Answers with what to check. Never writes over a case that is there.
 */
export async function recordScreen(cwd: string, agent: string, name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new Error(`'${name}' is no name: small letters, digits and dashes.`);
  const base = join(FOLDER, name);
  if (existsSync(`${base}.txt`)) throw new Error(`${base}.txt is there already.`);
  return withSession(cwd, async (session) => {
    const row = await resolveAgent(session.db, agent, { prefix: true });
    const pane = (await panesOf(session, [row])).get(row.id)?.pane ?? '';
    const shot = (await session.tmux.snapshot([pane])).get(pane);
    if (shot === undefined) throw new Error(`${row.name} has no window.`);
    const { title, width, height } = shot;
    const { state, rule, input, queued, waiting } = agentCli(row.cli, session.config).look(
      parseScreen(shot.text, { title, width, height }),
    );
    const version = await versionOf(session, row.cli);
    const recorded = new Date().toISOString().slice(0, 10);
    const about = { cli: row.cli, version, recorded, width, height, title };
    writeFileSync(`${base}.txt`, shot.text);
    writeFileSync(`${base}.yaml`, stringify({ ...about, state, rule, draft: input.draft, queued, waiting }));
    return `${base}.txt\n${base}.yaml: the detectors say ${state} (${rule}). Check that, and that nothing private is in it.\n`;
  });
}

async function versionOf(session: Session, name: string): Promise<string> {
  if (name === 'scripted') return 'swarm';
  const program = requireProgram(agentCli(name, session.config), session.env, session.repo.root);
  const { stdout } = await run([program, '--version'], { timeout: 20_000 });
  return /\d+\.\d+[\w.-]*/.exec(stdout)?.[0] ?? 'unknown';
}
