import { DEFAULTS } from './defaults.ts';

/** Variables of swarm's that would look like a key of the config and are none (design: section 8). */
const RUNTIME = new Set(['SWARM_AGENT', 'SWARM_PORTS', 'SWARM_TMUX_SOCKET']);

/** Whether a variable is about a running agent, not about the config. */
export function isRuntimeVariable(name: string): boolean {
  return RUNTIME.has(name);
}

/** Whether any variable concerns the config; cheap, so that the usual call loads nothing more. */
export function environmentSpeaks(env: NodeJS.ProcessEnv): boolean {
  if (env['DATABASE_URL'] || env['SWARM_DATABASE_URL']) return true;
  const beginnings = Object.keys(DEFAULTS).map((section) => `SWARM_${section.toUpperCase()}`);
  return Object.keys(env).some(
    (name) =>
      !isRuntimeVariable(name) &&
      beginnings.some((beginning) => name === beginning || name.startsWith(`${beginning}_`)),
  );
}
