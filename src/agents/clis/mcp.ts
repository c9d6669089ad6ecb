import { join } from 'node:path';
import type { StartOptions } from './types.ts';

/** What swarm's MCP server is called in an agent CLI's settings: a part of its tools' names there. */
export const MCP_NAME = 'swarm';

/** The arguments of the program that serve MCP; who calls is told by the environment. */
export const MCP_ARGS: readonly string[] = ['mcp'];

/**
 * Names of the variables that the server must see: the agent's token and what leads to its session. Some CLIs hand on
 * only what they are told to, and drop names like TOKEN: values stay in the environment, and out of files and arguments.
 */
export function mcpVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => /^(?:SWARM|XDG)_\w+$/.test(name))
    .sort();
}

/** The server in the form that most agent CLIs share; `reference` writes what a CLI replaces by a variable's value. */
export function mcpServer({ mcpVariables }: StartOptions, reference: (name: string) => string) {
  const env = Object.fromEntries(mcpVariables.map((name) => [name, reference(name)]));
  return { command: reference('SWARM_BIN'), args: MCP_ARGS, env };
}

/** A file of the agent's own that tells its CLI of servers. */
export function mcpFile({ agentDir }: Pick<StartOptions, 'agentDir'>, name: string, servers: object) {
  return { path: join(agentDir, 'mcp', name), content: `${JSON.stringify(servers, null, 2)}\n` };
}
