import type { AgentCliConfig, Config } from '../../config/types.ts';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/text.ts';
import { aider } from './aider.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { custom } from './custom.ts';
import { gemini } from './gemini.ts';
import { look } from './looks.ts';
import { opencode } from './opencode.ts';
import { overlay } from './overlay.ts';
import { scripted } from './scripted.ts';
import { shell } from './shell.ts';
import type { AgentCli } from './types.ts';

/** The registration: every agent CLI that swarm knows, in the order in which they are shown. */
export const KNOWN_CLIS: readonly AgentCli[] = [claude, codex, gemini, opencode, aider, shell, scripted];

/** Names that `--agent` takes: the known ones and config's own. */
export function agentCliNames(config: Pick<Config, 'agents'>): string[] {
  return [...new Set([...KNOWN_CLIS.map(({ name }) => name), ...Object.keys(config.agents)])];
}

/** The adapter of an agent CLI, with config's changes. @throws UserError (exit 2) for an unknown name or a bad entry in config. */
export function agentCli(name: string, config: Pick<Config, 'agents'>): AgentCli {
  const known = KNOWN_CLIS.find((cli) => cli.name === name);
  const changes: AgentCliConfig | undefined = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
  if (known !== undefined) return changes === undefined ? known : overlay(known, changes);
  if (changes !== undefined) return custom(name, changes);
  const names = agentCliNames(config);
  const close = nearest(name, names, 1)[0] ?? names[0] ?? '';
  throw new UserError({
    code: 'UNKNOWN_AGENT_CLI',
    exit: exit.usage,
    message: `swarm knows no agent CLI '${name}'. It knows: ${names.join(', ')}.`,
    hint: `Perhaps you mean: --agent ${close}`,
    details: { name, known: names },
  });
}

/** The adapter to look at an agent with: one that config says nothing right of (any more) sees nothing, and says why. */
export function agentCliToSee(name: string, config: Pick<Config, 'agents'>): AgentCli {
  try {
    return agentCli(name, config);
  } catch (error) {
    const reason = messageOf(error);
    return { ...shell, name, title: name, look: () => look('unknown', 'config', reason), asksTerminal: false };
  }
}
