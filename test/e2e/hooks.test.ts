import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useWorld } from '../support/world.ts';
import { call, refused, shows, spawnOne } from './support.ts';

const HOOK = `version: 1
hooks: { post_create: ['echo "making $SWARM_AGENT on $SWARM_BRANCH"; cp "$SWARM_REPO/../fuel" fuel'] }
`;

describe('hooks of a tracked swarm.yaml', () => {
  const world = useWorld({ swarmYaml: HOOK });
  const nothingMade = async () => {
    expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    expect(await world.git(['branch', '--list'])).toBe('* main\n');
    expect(existsSync(join(dirname(world.repo), 'app.worktrees'))).toBe(false);
    expect((await world.tmux(['list-sessions'])).exitCode).not.toBe(0);
  };

  it('are refused before anything is made when nobody can be asked, and run with --yes, this once', async () => {
    writeFileSync(join(world.dir, 'fuel'), 'full\n');
    const error = await refused(world, ['spawn', 't1', '--agent', 'scripted'], 4);
    expect(error).toMatchObject({ code: 'CONSENT_REQUIRED', hint: expect.stringContaining('--yes') });
    expect(error.hint).toContain('swarm trust');
    await nothingMade();
    const made = await world.swarm(['spawn', 't1', '--agent', 'scripted', '--yes', '-p', 'hi']);
    expect(made).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('worker-1 │ making worker-1 on t1') });
    const worktree = join(dirname(world.repo), 'app.worktrees', 'worker-1');
    expect(readFileSync(join(worktree, 'fuel'), 'utf8')).toBe('full\n');
    expect(readFileSync(join(world.repo, '.git/swarm/logs/worker-1/post_create.log'), 'utf8')).toContain('making');
    await refused(world, ['spawn', 't2', '--agent', 'scripted'], 4);
    // What is not run needs no consent.
    await spawnOne(world, ['t2', '--no-hooks']);
    expect(existsSync(join(dirname(worktree), 'worker-2', 'fuel'))).toBe(false);
  });

  it("can't be agreed to from an agent's window", async () => {
    const error = await refused(world, ['spawn', 't1', '--agent', 'scripted', '--yes'], 4, {
      env: { SWARM_AGENT: 'worker-9' },
    });
    expect(error.code).toBe('CONSENT_BY_AGENT');
    await nothingMade();
  });

  it('keep the worktree when they fail; restart runs them again and then sends the prompt', async () => {
    const words = ['spawn', 't1', '--agent', 'scripted', '-p', 'Go on', '--yes'];
    const { agents, deliveries, errors } = await call(world, 'spawn', words, { exit: 1 });
    expect(agents).toMatchObject([{ name: 'worker-1', status: 'failed', source: 'swarm', pid: null, branch: 't1' }]);
    expect(agents[0]?.reason).toContain('exited with 1');
    expect(deliveries).toEqual([]);
    expect(errors).toMatchObject([{ ticket: 't1', code: 'HOOK_FAILED', hint: 'swarm restart worker-1' }]);
    const worktree = agents[0]?.worktree ?? '';
    mkdirSync(join(worktree, 'half'));

    // It fails again, and says so again; without consent nothing runs.
    await refused(world, ['restart', 'worker-1'], 4);
    expect(await refused(world, ['restart', 'worker-1', '--yes'], 1)).toMatchObject({ code: 'HOOK_FAILED' });
    expect((await call(world, 'ls', ['ls'])).agents).toMatchObject([{ status: 'failed' }]);

    writeFileSync(join(world.dir, 'fuel'), 'full\n');
    const back = await call(world, 'revive', ['restart', 'worker-1', '--yes']);
    expect(back).toMatchObject({ resumed: false, deliveries: [{ state: 'delivered' }] });
    expect(back.agent.ports).toEqual(agents[0]?.ports);
    expect(existsSync(join(worktree, 'half'))).toBe(true);
    await world.swarm(['wait', 'worker-1']);
    await shows(world, 'worker-1', 'Done: Go on');

    // Done once is done: neither the hook nor the prompt comes again.
    writeFileSync(join(world.dir, 'fuel'), 'empty\n');
    expect(await call(world, 'revive', ['restart', 'worker-1'])).toMatchObject({ resumed: true, deliveries: [] });
    expect(readFileSync(join(worktree, 'fuel'), 'utf8')).toBe('full\n');
  });
});

describe('an agent CLI that a tracked swarm.yaml names', () => {
  const yaml = (program: string) =>
    `version: 1\nagents: { bot: { command: [sh, -c, '${program}'], ready: 'ready' } }\n`;
  const world = useWorld({ swarmYaml: yaml('echo ready; exec cat') });

  it('is not started again once its command has changed, without consent', async () => {
    expect((await call(world, 'spawn', ['spawn', 't1', '--agent', 'bot', '--yes'])).agents).toHaveLength(1);
    await call(world, 'status', ['pause', 'worker-1']);
    world.write('swarm.yaml', yaml('touch "$SWARM_REPO/../owned"; exec cat'));
    expect(await refused(world, ['resume', 'worker-1'], 4)).toMatchObject({ code: 'CONSENT_REQUIRED' });
    expect(await refused(world, ['restart', 'worker-1'], 4)).toMatchObject({ code: 'CONSENT_REQUIRED' });
    expect(existsSync(join(world.dir, 'owned'))).toBe(false);
    expect((await call(world, 'revive', ['resume', 'worker-1', '--yes'])).resumed).toBe(false);
  });
});

describe('tickets.command', () => {
  const world = useWorld({
    swarmYaml: `version: 1\ntickets: { command: 'test "$SWARM_TICKET" != bad && echo "Issue $SWARM_TICKET_NUMBER: it breaks"' }\n`,
  });

  it("puts the ticket's text before the prompt, and makes no agent when it fails", async () => {
    const words = ['spawn', 'ticket-42', 'bad', '--agent', 'scripted', '-p', 'Mend it', '--yes'];
    const { agents, errors } = await call(world, 'spawn', words, { exit: 1 });
    expect(agents).toMatchObject([{ ticket: 'ticket-42' }]);
    expect(errors).toMatchObject([{ ticket: 'bad', code: 'TICKET_COMMAND_FAILED' }]);
    expect(await world.git(['branch', '--format=%(refname:short)'])).toBe('main\nticket-42\n');
    const name = agents[0]?.name ?? '';
    const first = join(world.repo, '.git', 'swarm', 'agents', name, 'prompts', 'first.txt');
    expect(readFileSync(first, 'utf8')).toBe('Issue 42: it breaks\n\nMend it');
    await world.swarm(['wait', name]);
    await shows(world, name, 'Done: Issue 42: it breaks');
  });
});
