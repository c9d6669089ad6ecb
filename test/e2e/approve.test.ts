import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peekRows } from '../../src/store/peek-rows.ts';
import { root } from '../support/program.ts';
import { useWorld, type World } from '../support/world.ts';
import { call, refused, shows, spawnOne } from './support.ts';

const SCRIPT = `
on:
  - { prompt: run, do: [{ ask: npm test }, { say: It ran. }] }
  - { prompt: twice, do: [{ ask: npm test }, { ask: npm test }, { say: Both ran. }] }
  - { prompt: which, do: [{ question: { text: Which database?, options: [Postgres, SQLite, Postpone] } }, { say: Chosen. }] }
  - { prompt: prose, do: [{ say: "Do you want to proceed?\\n 1. Yes\\n 2. No\\nEsc to cancel" }] }
`;

async function asking(world: World, prompt: string, ...more: string[]) {
  const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
  const agent = await spawnOne(world, ['t1', '-p', prompt, '--', '--script', script, '--log', 'log', ...more]);
  return { ...agent, log: () => readFileSync(join(agent.worktree ?? '', 'log'), 'utf8') };
}

const pressed = (world: World) =>
  peekRows<{ data: string }>(
    join(world.repo, '.git/swarm'),
    'swarm.db',
    "select data from events where type = 'dialog-answered' order by id",
  ).map(({ data }) => JSON.parse(data));

describe('swarm approve', () => {
  const world = useWorld();

  it('answers the plain yes, says so before, proves it and writes it down', async () => {
    await asking(world, 'run');
    await world.swarm(['wait', '1', '--for', 'waiting']);
    const status = await call(world, 'status', ['status', '1']);
    expect(status.agent).toMatchObject({ status: 'waiting', reason: 'approve command: npm test' });
    const question = {
      kind: 'approve',
      text: 'Do you want to proceed?',
      subject: { kind: 'command', what: 'npm test' },
    };
    expect(status.question).toMatchObject(question);
    const said = await world.swarm(['approve', '1']);
    expect(said).toMatchObject({ exitCode: 0, stderr: 'worker-1: approve command: npm test → Yes (presses 1)\n' });
    expect(said.stdout).toBe("worker-1: answered 'Yes' to approve command: npm test\n");
    await shows(world, '1', 'It ran.');
    expect(pressed(world)).toMatchObject([
      { question: 'Do you want to proceed?', subject: question.subject, answer: 'Yes', key: '1', by: 'person' },
    ]);
    expect(await refused(world, ['approve', '1'], 4)).toMatchObject({
      code: 'NO_QUESTION',
      hint: 'swarm status worker-1',
    });
  });

  it('answers one question at a time, also when the next reads the same', async () => {
    await asking(world, 'twice');
    for (const _ of [1, 2]) {
      await world.swarm(['wait', '1', '--for', 'waiting']);
      await call(world, 'approve', ['approve', '1', 'y']);
    }
    await shows(world, '1', 'Both ran.');
    expect(pressed(world)).toHaveLength(2);
  });

  it('leaves a choice to the person, and takes numbers, keys and beginnings', async () => {
    await asking(world, 'which');
    await world.swarm(['wait', '1', '--for', 'waiting']);
    const choice = await refused(world, ['approve', '1'], 4);
    expect(choice.code).toBe('OPTION_NEEDED');
    expect(choice.message).toContain('swarm approve worker-1 2   SQLite');
    expect(await refused(world, ['approve', '1', 'post'], 2)).toMatchObject({ code: 'AMBIGUOUS_OPTION' });
    expect(await refused(world, ['approve', '1', 'MySQL'], 2)).toMatchObject({ code: 'NO_SUCH_OPTION' });
    expect(pressed(world)).toEqual([]);
    const { approved } = await call(world, 'approve', ['approve', '1', 'sql']);
    expect(approved).toMatchObject({
      agent: 'worker-1',
      option: { label: 'SQLite' },
      pressed: '2',
      evidence: 'screen',
    });
  });

  it('takes no prose for a question', async () => {
    const agent = await asking(world, 'prose');
    await world.swarm(['wait', '1']);
    for (const words of [
      ['approve', '1'],
      ['approve', '1', '1'],
    ]) {
      expect(await refused(world, words, 4)).toMatchObject({ code: 'NO_QUESTION' });
    }
    expect(agent.log()).not.toContain('answer');
  });

  it('moves the selection and sees it moved before Enter', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    await spawnOne(world, ['t1', '--', '--script', script, '--trust']);
    await world.swarm(['wait', '1', '--for', 'waiting']);
    expect(await refused(world, ['approve', '1'], 4)).toMatchObject({ code: 'OPTION_NEEDED' });
    const { approved } = await call(world, 'approve', ['approve', '1', 'yes']);
    expect(approved).toMatchObject({ question: { kind: 'trust' }, option: { label: expect.stringMatching(/^Yes/) } });
    await world.swarm(['wait', '1']);
  });

  it('says so when the key changed nothing', async () => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const screen = join(root, 'test/fixtures/screens/claude-permission-bash.txt');
    const deaf = JSON.stringify(['/bin/sh', '-c', `stty -echo; cat '${screen}'; exec sleep 1000`]);
    world.write('swarm.local.yaml', `agents: { claude: { command: ${deaf} } }\n`);
    await world.swarm(['spawn', 't1', '--agent', 'claude', '--json']);
    await world.swarm(['wait', '1', '--for', 'waiting']);
    expect(await refused(world, ['approve', '1'], 6)).toMatchObject({
      code: 'NOT_ANSWERED',
      hint: 'swarm capture worker-1',
    });
    expect(pressed(world)).toHaveLength(1);
  });

  it('goes before a prompt that waits for the answer', async () => {
    const agent = await asking(world, 'run');
    await world.swarm(['wait', '1', '--for', 'waiting']);
    const sending = world.start(['send', '1', 'and then', '--json']);
    await call(world, 'approve', ['approve', '1']);
    expect((await sending.result).exitCode).toBe(0);
    expect(agent.log()).toContain('and then');
  });

  it('is refused inside an agent’s window, and where several agents are meant', async () => {
    await asking(world, 'run');
    const inside = { env: { SWARM_AGENT: 'worker-9' } };
    expect(await refused(world, ['approve', '1'], 4, inside)).toMatchObject({ code: 'CONSENT_BY_AGENT' });
    await spawnOne(world, ['t1', '--another']);
    expect(await refused(world, ['approve', 't1'], 3)).toMatchObject({ code: 'AMBIGUOUS_AGENT' });
  });
});
