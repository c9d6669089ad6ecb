/**
 * Dies as a kill -9 would at the named point when `SWARM_CRASH_AT` asks for it: how tests break the world on purpose.
 * Points: `<kind>:<step>:<begun|effect|done>` of every journalled step, `deliver:<paste|enter>:effect`, `message:post:done`,
 * `message:seen:begun`, `rework:task:made` and `archive:events:written`.
 */
export function crashPoint(point: string): void {
  if (process.env['SWARM_CRASH_AT'] === point) process.kill(process.pid, 'SIGKILL');
}
