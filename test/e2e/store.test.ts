import { describe, expect, it } from 'vitest';
import { useWorld } from '../support/world.ts';

describe('a store that is not there yet', () => {
  const url = 'postgres://localhost/swarm';
  const world = useWorld();

  it.each([
    ['swarm.local.yaml', { yaml: `store: ${url}\n`, env: {}, exitCode: 2 }],
    ['SWARM_DATABASE_URL', { yaml: '', env: { SWARM_DATABASE_URL: url }, exitCode: 2 }],
    ["an app's own DATABASE_URL", { yaml: '', env: { DATABASE_URL: url }, exitCode: 0 }],
  ])('%s', async (_name, { yaml, env, exitCode }) => {
    await world.write('swarm.local.yaml', yaml);
    const listed = await world.swarm(['ls', '--json'], { env });
    expect(listed.exitCode).toBe(exitCode);
    expect(listed.stdout.includes('NOT_IN_THIS_VERSION')).toBe(exitCode === 2);
  });
});
