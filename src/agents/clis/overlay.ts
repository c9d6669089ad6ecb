import type { AgentCliConfig } from '../../config/types.ts';
import { configuredStart, resumeByConfig } from './custom.ts';
import { foundLook, hasPatterns, readPatterns } from './patterns.ts';
import type { AgentCli, StartPlan } from './types.ts';

/** A known agent CLI with config's changes. A `command` without placeholders takes the program's place; one with them is the whole command line. */
export function overlay(known: AgentCli, config: AgentCliConfig): AgentCli {
  const patterns = readPatterns(known.name, config);
  const { command } = config;
  const whole = command?.some((arg) => /^\{\{\w+\}\}$/.test(arg)) === true;
  const withArgs = <T extends { readonly args: readonly string[] }>(options: T): T => ({
    ...options,
    args: [...config.args, ...options.args],
  });
  const changed = (plan: StartPlan): StartPlan => ({
    ...plan,
    argv: command === null ? plan.argv : [plan.argv[0] ?? '', ...command.slice(1), ...plan.argv.slice(1)],
    env: { ...plan.env, ...config.env },
  });
  return {
    ...known,
    programs: command?.[0] === undefined ? known.programs : [command[0]],
    start(options) {
      const own = { ...options, program: options.program ?? command?.[0] ?? null };
      if (whole && command !== null) return configuredStart(config, command, withArgs(own));
      // `prompt: paste` has the first prompt typed where the CLI would take it as an argument.
      const prompt = config.prompt === 'paste' ? null : own.prompt;
      return changed(known.start(withArgs({ ...own, prompt })));
    },
    resume(options) {
      const own = { ...options, program: options.program ?? command?.[0] ?? null };
      if (config.resume !== null) return resumeByConfig(config, options);
      const plan = known.resume(withArgs(own));
      return plan === null ? null : changed(plan);
    },
    look(screen) {
      const own = known.look(screen);
      // A pattern never overrules a dialog that the adapter knows: what were typed into it would be an answer.
      if (!hasPatterns(patterns) || own.waiting !== null || screen.foregroundIsAgent === false) return own;
      return foundLook(patterns, screen) ?? own;
    },
    paste: config.paste ?? known.paste,
    clear: config.clear ?? known.clear,
    needsDraftGuard: known.needsDraftGuard || patterns.input !== null,
  };
}
