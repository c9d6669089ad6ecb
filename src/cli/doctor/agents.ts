import { KNOWN_CLIS } from '../../agents/clis/index.ts';
import { findProgram } from '../../agents/clis/program.ts';
import type { AgentCli } from '../../agents/clis/types.ts';
import type { Config } from '../../config/types.ts';
import type { Check } from './check.ts';
import { versionOf } from './programs.ts';

/** The agent CLIs that somebody has to install: the shell and the scripted agent come along. */
const INSTALLED = KNOWN_CLIS.filter(({ name }) => name !== 'shell' && name !== 'scripted');

/** Which agent CLIs there are. Only the default one is needed; of the others it is said how to get them. */
export function checkAgents(config: Config | null, env: NodeJS.ProcessEnv): Promise<Check[]> {
  return Promise.all(INSTALLED.map((cli) => checkAgent(cli, cli.name === config?.agent, env)));
}

async function checkAgent(cli: AgentCli, isDefault: boolean, env: NodeJS.ProcessEnv): Promise<Check> {
  const expected = isDefault ? 'installed: it is the default agent' : 'optional';
  const [file] = cli.programs.flatMap((program) => findProgram(program, env) ?? []);
  if (file === undefined) {
    return { name: cli.name, state: isDefault ? 'fail' : 'ok', found: null, expected, mend: cli.install };
  }
  const version = await versionOf(file);
  return { name: cli.name, state: 'ok', found: `${version ?? 'version not known'} (${file})`, expected, mend: null };
}
