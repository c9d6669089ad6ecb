import { exit, UserError } from './errors.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A hundred years: later times have years of more than four digits soon, and those don't sort as texts. */
export const LONGEST_DURATION = 36_500 * UNITS.d;

/** Reads `500ms`, `60s`, `5m`, `2h`, `7d` as milliseconds. Null when the text is no duration, or too long a one. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) return null;
  const unit = match[2] as keyof typeof UNITS;
  const ms = Math.round(Number(match[1]) * UNITS[unit]);
  return ms <= LONGEST_DURATION ? ms : null;
}

/** Like {@link parseDuration}, but refuses in words. `what` names the option. */
export function requireDuration(text: string, what: string): number {
  const value = parseDuration(text);
  if (value !== null) return value;
  throw new UserError({
    code: 'BAD_DURATION',
    exit: exit.usage,
    message: `${what} is no duration: '${text}'. Expected a number and a unit: 500ms, 60s, 5m or 2h, up to 36500d.`,
    hint: `${what} 60s`,
  });
}

/** `95000` → `1m`, `3_700_000` → `1h`: the largest whole unit, for tables. */
export function shortDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNITS[unit]) return `${Math.floor(ms / UNITS[unit])}${unit}`;
  }
  return `${Math.max(0, Math.round(ms))}ms`;
}
