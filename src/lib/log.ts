const LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** The level of `SWARM_LOG_LEVEL`; `warn` when unset or unknown. */
function logLevel(env: NodeJS.ProcessEnv = process.env): LogLevel {
  const wanted = env['SWARM_LOG_LEVEL']?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? 'warn';
}

/** Writes a diagnostic line to stderr when `SWARM_LOG_LEVEL` asks for it. Narration for the user goes through the front door's printer instead. */
export function log(level: Exclude<LogLevel, 'silent'>, message: string): void {
  if (LEVELS.indexOf(level) <= LEVELS.indexOf(logLevel())) process.stderr.write(`swarm ${level}: ${message}\n`);
}
