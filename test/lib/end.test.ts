import { spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { isRunning } from '../../src/agents/life/stop.ts';
import { newAgentRow } from '../../src/agents/records.ts';
import { endGroup } from '../../src/process/end.ts';
import { startOf } from '../../src/process/identity.ts';

const stranger = () => {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  afterEachEnd = () => child.kill('SIGKILL');
  return child.pid ?? 0;
};
let afterEachEnd = (): unknown => undefined;
afterEach(() => afterEachEnd());

it.each([
  ['another start', '1'],
  ['no start: it had ended when it was recorded', null],
])('a number that came round again is not signalled: %s', async (_, start) => {
  const pid = stranger();
  expect(await endGroup({ pid, start }, 200)).toBe(true);
  expect(await startOf(pid)).not.toBeNull();
  const wish = { id: 'a', name: 'a', number: null, ticket: null, cli: 'shell', model: null, args: '[]', options: '{}' };
  expect(await isRunning({ ...newAgentRow(wish), pid, pid_start: start })).toBe(false);
  expect(await isRunning({ ...newAgentRow(wish), pid, pid_start: await startOf(pid) })).toBe(true);
});
