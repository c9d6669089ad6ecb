import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverFor, socketPath } from '../../src/tmux/place.ts';
import { useWorld } from '../support/world.ts';

describe('the tmux server of a session', () => {
  const world = useWorld();
  const uid = userInfo().uid;

  it('is the one that the caller names, else the default one', () => {
    expect(socketPath(null, {})).toBe(`/tmp/tmux-${uid}/default`);
    expect(socketPath('work', { TMUX_TMPDIR: '/run/me' })).toBe(`/run/me/tmux-${uid}/work`);
    expect(socketPath('/run/me/own', {})).toBe('/run/me/own');
    expect(serverFor({ SWARM_TMUX_SOCKET: 'work' }, '/run/me/own')).toBe('work');
    expect(serverFor({ SWARM_TMUX_SOCKET: '' }, null)).toBeNull();
  });

  it('is the one that its windows are on, for who names none, as long as that may run', () => {
    const path = socketPath(null, { TMUX_TMPDIR: join(world.dir, 'there') });
    expect(serverFor({}, path)).toBeNull();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    expect(serverFor({}, path)).toBe(path);
    expect(serverFor({ TMUX_TMPDIR: join(world.dir, 'there') }, path)).toBeNull();
  });
});
