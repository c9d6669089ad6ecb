import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyRules } from '../../src/agents/approve/rules.ts';
import { observe } from '../../src/agents/observe.ts';
import type { Session } from '../../src/agents/session.ts';
import { peekRows } from '../../src/store/peek-rows.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { shows, spawnOne } from './support.ts';

const SCRIPT = `
on:
  - { prompt: run, do: [{ ask: npm test }, { say: It ran. }] }
  - { prompt: twice, do: [{ ask: npm test }, { ask: npm test }, { say: Both ran. }] }
  - { prompt: compound, do: [{ ask: "npm test; rm -rf x" }, { say: It ran. }] }
  - { prompt: push, do: [{ ask: git push }, { say: It ran. }] }
  - { prompt: which, do: [{ question: { text: npm test, options: ["Yes", "No"] } }, { say: Chosen. }] }
`;
const RULES = "approvals: { allow: ['npm test', 'git *'], deny: ['git push'] }\n";

const events = (world: World) =>
  peekRows<{ data: string }>(
    join(world.repo, '.git/swarm'),
    'swarm.db',
    "select data from events where type = 'approved-by-rule' order by id",
  ).map(({ data }) => JSON.parse(data));

/** Looks as the supervisor does, until the look is `wanted`, and applies the rules to each. */
async function watch(session: Session, wanted: (status: string) => boolean): Promise<number> {
  let presses = 0;
  await waitFor(async () => {
    const [seen] = await observe(session);
    if (seen !== undefined && (await applyRules(session, seen)) !== null) presses++;
    return seen !== undefined && wanted(seen.row.status) ? true : null;
  }, 'the status');
  return presses;
}

describe('approval by rule', () => {
  const world = useWorld();
  const asking = async (prompt: string) => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    await spawnOne(world, ['t1', '-p', prompt, '--', '--script', script]);
    await world.swarm(['wait', '1', '--for', 'waiting']);
  };
  const mine = () => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', RULES);
  };

  it('presses the plain yes, once, and writes down the rule', async () => {
    mine();
    await asking('run');
    const before = await withWorldSession(world, async (session) => {
      const [seen] = await observe(session);
      if (seen === undefined) throw new Error('no agent');
      expect(await applyRules(session, seen)).toMatchObject({ option: { label: 'Yes' }, pressed: '1' });
      // The same look again: that question has had its press, in this process and in the next.
      expect(await applyRules(session, seen)).toBeNull();
      return seen;
    });
    await withWorldSession(world, async (next) => expect(await applyRules(next, before)).toBeNull());
    await shows(world, '1', 'It ran.');
    expect(events(world)).toMatchObject([
      { rule: 'npm test', question: 'Do you want to proceed?', answer: 'Yes', key: '1', subject: { what: 'npm test' } },
    ]);
  });

  it('presses once for each of two questions that read the same', async () => {
    mine();
    await asking('twice');
    const presses = await withWorldSession(world, (session) => watch(session, (status) => status === 'idle'));
    expect({ presses, events: events(world).length }).toEqual({ presses: 2, events: 2 });
  });

  it.each(['compound', 'push', 'which'])('leaves to the person: %s', async (prompt) => {
    mine();
    await asking(prompt);
    await withWorldSession(world, async (session) => {
      for (let look = 0; look < 3; look++) {
        const [seen] = await observe(session);
        expect(seen?.row.status).toBe('waiting');
        expect(seen && (await applyRules(session, seen))).toBeNull();
      }
    });
    expect(events(world)).toEqual([]);
  });

  it('counts rules of a tracked file only once they are approved', async () => {
    world.write('swarm.yaml', RULES);
    await world.git(['add', 'swarm.yaml']);
    await asking('run');
    await withWorldSession(world, async (session) => {
      const [seen] = await observe(session);
      expect(seen && (await applyRules(session, seen))).toBeNull();
    });
    expect(events(world)).toEqual([]);
  });
});
