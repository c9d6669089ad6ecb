const LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** The level of `SWARM_LOG_LEVEL`; `warn` when unset or unknown. */
function logLevel(env: NodeJS.ProcessEnv = process.env): LogLevel {
  const wanted = env['SWARM_LOG_LEVEL']?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? 'warn';
}

/** Who hears of errors and warnings while something else has the terminal. */
let listener: ((message: string) => void) | null = null;

/** Writes a diagnostic line to stderr when `SWARM_LOG_LEVEL` asks for it. Narration for the user goes through the front door's printer instead. */
export function log(level: Exclude<LogLevel, 'silent'>, message: string): void {
  if (LEVELS.indexOf(level) > LEVELS.indexOf(logLevel())) return;
  if (listener === null || !process.stderr.isTTY) process.stderr.write(`swarm ${level}: ${message}\n`);
  if (level === 'error' || level === 'warn') listener?.(message);
}

/**
 * Keeps diagnostic lines off the terminal, which something else draws on, until what this answers is called. `hear` gets
 * the errors and warnings; a stderr that goes elsewhere gets all as ever.
 */
export function divertLog(hear: (message: string) => void): () => void {
  listener = hear;
  return () => {
    listener = null;
  };
}
