import { shortDuration } from '../lib/duration.ts';

/** How long ago something was, in whole units from seconds on: `0s`, `12s`, `5m`. */
export function ageOf(at: string): string {
  const ms = Date.now() - Date.parse(at);
  return ms < 1000 ? '0s' : shortDuration(ms);
}

/** When, in the person's own time; with the day where that is another one. */
export function clock(at: string, now = new Date()): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return date.toDateString() === now.toDateString() ? time : day + time;
}
