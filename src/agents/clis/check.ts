import { sourceOf } from '../../config/load.ts';
import { configError, type Problem } from '../../config/problems.ts';
import type { LoadedConfig } from '../../config/types.ts';
import { UserError } from '../../lib/errors.ts';
import { agentCli } from './index.ts';

/**
 * Checks what no file tells by itself, since each may speak of another's agents: that swarm can start every agent CLI of the
 * config, and the one that is the default.
 * @throws UserError (exit 2) with all that is wrong.
 */
export function checkAgents(loaded: LoadedConfig): void {
  const { config } = loaded;
  const named = [
    ['agent', config.agent] as const,
    ...Object.keys(config.agents).map((name) => [`agents.${name}`, name] as const),
  ];
  const problems = named.flatMap(([key, name]): Problem[] => {
    try {
      agentCli(name, config);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Of a map, each value has its own source.
      const written = [...loaded.sources.keys()].find((one) => one.startsWith(`${key}.`)) ?? key;
      const { file, line } = sourceOf(loaded, written);
      return [
        {
          file: file ?? 'environment',
          line,
          key,
          message: error.message.startsWith(key) ? error.message : `${key}: ${error.message}`,
          hint: null,
        },
      ];
    }
  });
  if (problems.length > 0) throw configError(problems);
}
