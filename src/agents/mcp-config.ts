import { join } from 'node:path';
import { boardOf } from '../board/context.ts';
import { newcomer } from '../board/participants.ts';
import { exit, UserError } from '../lib/errors.ts';
import { programRoot } from '../lib/program.ts';
import { shellWord } from '../lib/text.ts';
import { agentCliNames } from './clis/index.ts';
import { MCP_ARGS, MCP_NAME, mcpVariables } from './clis/mcp.ts';
import { findProgram } from './clis/program.ts';
import { hookEnvironment } from './environment.ts';
import { resolveAgent } from './resolve.ts';
import { programShim, type Session } from './session.ts';

/** What connects an agent CLI to the board. */
export interface McpConnection {
  /** The agent CLI; null for one that swarm does not know. */
  readonly cli: string | null;
  /** Name of the agent that it is for; null for who is none. */
  readonly agent: string | null;
  /** The program that speaks MCP on standard input and output. */
  readonly command: readonly string[];
  /** Names of the variables of the agent's environment that it must see. */
  readonly variables: readonly string[];
  /** A command that tells the CLI of it; null where a file has to. */
  readonly add: string | null;
  /** What goes into the CLI's own settings file instead. */
  readonly settings: { readonly file: string; readonly content: Readonly<Record<string, unknown>> };
}

/** How the CLIs that speak MCP are told of a server. */
const CLIS: Readonly<
  Record<
    string,
    { readonly add: readonly string[] | null; readonly file: string; content(argv: readonly string[]): object }
  >
> = {
  claude: { add: ['claude', 'mcp', 'add', MCP_NAME, '--'], file: '.mcp.json', content: shared },
  codex: {
    add: ['codex', 'mcp', 'add', MCP_NAME, '--'],
    file: '~/.codex/config.toml',
    content: ([command, ...args]) => ({ mcp_servers: { [MCP_NAME]: { command, args } } }),
  },
  gemini: { add: ['gemini', 'mcp', 'add', MCP_NAME], file: '.gemini/settings.json', content: shared },
  opencode: {
    add: null,
    file: 'opencode.json',
    content: (argv) => ({ mcp: { [MCP_NAME]: { type: 'local', command: argv, enabled: true } } }),
  },
};

/**
 * What connects an agent CLI that a person started (`claude`), under the name `as`; or a running agent, as itself.
 * @throws UserError exit 2 for a CLI that speaks no MCP, a name for an agent, or one that nobody can join by; 4 for another's
 * name; 3 when there is neither CLI nor agent.
 */
export async function mcpConnection(session: Session, word: string, as: string | null): Promise<McpConnection> {
  if (agentCliNames(session.config).includes(word)) {
    // The server would refuse it, where nobody sees that.
    if (as !== null) await newcomer(boardOf(session), as);
    return forCli(session, word, as);
  }
  const row = await resolveAgent(session.db, word, { prefix: true });
  if (as !== null) {
    throw new UserError({
      code: 'NOT_YOURS',
      exit: exit.usage,
      message: `${row.name} is an agent: it takes part as itself, known by its token.`,
      hint: `swarm mcp config ${row.name}`,
      details: { agent: row.name, as },
    });
  }
  const command = [programShim(session.repo), ...MCP_ARGS];
  const variables = mcpVariables({ ...hookEnvironment(session, row), SWARM_TOKEN: '' });
  const env = Object.fromEntries(variables.map((name) => [name, `\${${name}}`]));
  const content = { mcpServers: { [MCP_NAME]: { command: command[0], args: MCP_ARGS, env } } };
  return { cli: row.cli, agent: row.name, command, variables, add: null, settings: { file: '.mcp.json', content } };
}

function forCli(session: Session, cli: string, as: string | null): McpConnection {
  const known = CLIS[cli];
  if (known === undefined) {
    throw new UserError({
      code: 'NO_MCP',
      exit: exit.usage,
      message: `swarm does not know how '${cli}' is told of an MCP server. It knows: ${Object.keys(CLIS).join(', ')}.`,
      hint: 'swarm mcp config claude --as terminal-2',
      details: { cli, known: Object.keys(CLIS) },
    });
  }
  const swarm =
    findProgram('swarm', session.env) === null ? [process.execPath, join(programRoot(), 'bin', 'run.js')] : ['swarm'];
  const command = [...swarm, ...MCP_ARGS, ...(as === null ? [] : ['--as', as])];
  const add = known.add === null ? null : [...known.add, ...command].map(shellWord).join(' ');
  const content = known.content(command) as Record<string, unknown>;
  return { cli, agent: null, command, variables: [], add, settings: { file: known.file, content } };
}

function shared([command, ...args]: readonly string[]): object {
  return { mcpServers: { [MCP_NAME]: { command, args } } };
}
