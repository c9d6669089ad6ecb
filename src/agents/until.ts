/** Milliseconds. */
const DAY = 86_400_000;
/** Milliseconds of each unit by its first letter. */
const UNITS: Readonly<Record<string, number>> = { d: DAY, h: 3_600_000, m: 60_000, s: 1000 };
const UNIT = '(?:days?|d|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|s)\\b';
const RELATIVE = new RegExp(`\\bin ((?:\\d+ ?${UNIT}(?:,? and |,? )?)+)`, 'iu');
const PART = new RegExp(`(\\d+) ?(${UNIT})`, 'giu');
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** `3pm`, `3:05 PM`, `15:00`, `Nov 21, 3pm`, `Nov 21 at 15:00 (Europe/Berlin)`. */
const CLOCK =
  /\b(?:(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?<day>\d{1,2})(?:,? (?:\d{4},? )?(?:at )?))?(?<hour>\d{1,2})(?::(?<minute>\d\d))?(?::\d\d)? ?(?<half>[ap]m)?\b(?: ?\((?<zone>[\w/+-]+)\))?/giu;

/**
 * When a limit ends, as a CLI says it ("resets 3pm (Europe/Berlin)", "try again in 2 days 3 hours"): ISO 8601, or null
 * where the text names no time. `shownAt`: when the text was written, milliseconds since 1970.
 */
export function untilOf(text: string, shownAt: number): string | null {
  const relative = RELATIVE.exec(text)?.[1];
  if (relative !== undefined) {
    const parts = [...relative.matchAll(PART)];
    const ms = parts.reduce(
      (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit[0]?.toLowerCase() ?? ''] ?? 0),
      0,
    );
    return new Date(shownAt + ms).toISOString();
  }
  for (const { groups = {} } of text.matchAll(CLOCK)) {
    const at = groups['half'] || groups['minute'] ? clockTime(groups, shownAt) : null;
    if (at !== null) return new Date(at).toISOString();
  }
  return null;
}

/** The next such time of the day, or that time on the named day. */
function clockTime(found: Readonly<Record<string, string | undefined>>, after: number): number | null {
  const spoken = Number(found['hour']);
  const half = found['half']?.toLowerCase();
  const hour = half === undefined ? spoken : (spoken % 12) + (half === 'pm' ? 12 : 0);
  const minute = Number(found['minute'] ?? 0);
  if (hour > 23 || minute > 59 || (half !== undefined && spoken > 12)) return null;
  const here = (at: number) => wallClock(at, found['zone'] ?? null);
  const today = here(after);
  if (today === null) return null;
  const month = found['month'] === undefined ? null : MONTHS.indexOf(found['month'].slice(0, 3).toLowerCase());
  const shift = after - today.getTime();
  const [year, thisMonth] = [today.getUTCFullYear(), today.getUTCMonth()];
  if (month === null) {
    const next = Date.UTC(year, thisMonth, today.getUTCDate(), hour, minute) + shift;
    return next >= after ? next : next + DAY;
  }
  const named = (inYear: number) => Date.UTC(inYear, month, Number(found['day']), hour, minute) + shift;
  return named(year) < after - DAY ? named(year + 1) : named(year);
}

/** What the clock on the wall shows at a time, as if it were UTC; null for a zone that does not exist. */
function wallClock(at: number, zone: string | null): Date | null {
  if (zone === null) return new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  try {
    const parts = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
    return new Date(Date.parse(`${parts.replace(' ', 'T')}Z`) + (at % 1000));
  } catch {
    return null;
  }
}
