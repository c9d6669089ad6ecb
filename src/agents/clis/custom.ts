import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AgentCliConfig } from '../../config/types.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { promptArgument } from './common.ts';
import { patternLook, readPatterns } from './patterns.ts';
import type { AgentCli, StartOptions, StartPlan } from './types.ts';

type Values = Readonly<Record<'prompt' | 'prompt_file' | 'session' | 'model', string | null>>;

/** Puts values in the place of whole arguments (`{{model}}`). One without a value goes, and an option right before it. */
function fill(argv: readonly string[], values: Values): string[] {
  const filled: string[] = [];
  for (const arg of argv) {
    const name = /^\{\{(prompt|prompt_file|session|model)\}\}$/.exec(arg)?.[1] as keyof Values | undefined;
    const value = name === undefined ? arg : values[name];
    if (value !== null) filled.push(value);
    else if (filled.length > 1 && filled.at(-1)?.startsWith('-')) filled.pop();
  }
  return filled;
}

/** How the first prompt gets there: as config says, else as the command's placeholders say. */
function promptMode(config: AgentCliConfig, command: readonly string[]): 'paste' | 'argument' | 'file' {
  if (config.prompt !== null) return config.prompt;
  if (command.includes('{{prompt}}')) return 'argument';
  return command.includes('{{prompt_file}}') ? 'file' : 'paste';
}

/** The command line that config describes. `file` and `argument` without a placeholder append the argument. */
export function configuredStart(config: AgentCliConfig, command: readonly string[], options: StartOptions): StartPlan {
  const mode = promptMode(config, command);
  const argument = mode === 'argument' ? promptArgument(options.prompt) : null;
  const file = mode === 'file' && options.prompt ? join(options.agentDir, 'prompts', 'first.txt') : null;
  const session = command.includes('{{session}}') ? randomUUID() : null;
  const values = { prompt: argument, prompt_file: file, session, model: options.model };
  const [program, ...rest] = fill(command, values);
  const placed = command.includes(mode === 'file' ? '{{prompt_file}}' : '{{prompt}}');
  const appended = placed ? [] : [argument ?? file].filter((value) => value !== null);
  const plan = {
    argv: [options.program ?? program ?? '', ...rest, ...options.args, ...appended],
    env: config.env,
    promptTaken: argument !== null || file !== null,
    conversation: session,
  };
  return file === null ? plan : { ...plan, files: [{ path: file, content: options.prompt ?? '' }] };
}

/** An agent CLI that swarm.yaml describes. It gets exactly what was sent. */
export function custom(name: string, config: AgentCliConfig): AgentCli {
  const patterns = readPatterns(name, config);
  const command = config.command ?? [];
  const program = command[0];
  if (program === undefined) {
    throw new UserError({
      code: 'BAD_CONFIG',
      exit: exit.usage,
      message: `agents.${name} has no command: '${name}' is no agent CLI that swarm knows, so swarm.yaml must say how to start it.`,
      hint: `Add a line to swarm.yaml, for example: agents: { ${name}: { command: [${name}] } }`,
      details: { key: `agents.${name}.command` },
    });
  }
  const withArgs = (options: StartOptions) => ({ ...options, args: [...config.args, ...options.args] });
  const paste = config.paste ?? 'bracketed';
  return {
    name,
    title: name,
    install: `Put '${program}' on the PATH, or correct agents.${name}.command in swarm.yaml.`,
    programs: [program],
    start: (options) => configuredStart(config, command, withArgs(options)),
    resume: (options) => resumeByConfig(config, options),
    look: (screen) => patternLook(name, patterns, screen),
    guard: (text) => ({ text, changed: null }),
    paste,
    // To a program that reads lines, Escape is a letter of the next one, and C-c most often its end.
    ...(paste === 'line' ? { interrupt: [] } : {}),
    settleMs: 150,
    clear: config.clear ?? ['C-u'],
    submit: ['Enter'],
    dialogWords: [],
    events: () => null,
    needsDraftGuard: patterns.input !== null,
  };
}

/** Config's own recipe to bring a conversation back; null when it has none. The prompt, if any, is typed. */
export function resumeByConfig(config: AgentCliConfig, options: StartOptions & { conversation: string }) {
  if (config.resume === null) return null;
  const values = { prompt: null, prompt_file: null, session: options.conversation, model: options.model };
  const [program = '', ...rest] = fill(config.resume, values);
  // Only the program of `command` was looked up: a recipe may name another one.
  const found = program === config.command?.[0] ? options.program : null;
  const argv = [found ?? program, ...rest, ...config.args, ...options.args];
  return { argv, env: config.env, promptTaken: false, conversation: options.conversation };
}
