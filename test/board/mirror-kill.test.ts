import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listMessages } from '../../src/board/messages/receipts.ts';
import { PERSON } from '../../src/board/participants.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { filesIn } from './mirror-support.ts';
import { withWorldBoard } from './support.ts';

describe('whoever keeps the files', () => {
  const world = useWorld();

  it('may be killed at any moment: nothing is lost, and no message comes twice', async () => {
    const folder = join(world.repo, '.coordination');
    const script = (name: string, ...args: string[]) =>
      start([join(nodeFolder, 'node'), join(root, 'test/board/fixtures', name), folder, ...args], {
        cwd: world.repo,
        env: { ...world.env },
      });
    const leader = script('file-leader.ts');
    await waitFor(() => existsSync(join(folder, 'tasks.json')) || null, 'the plan');
    let live = world.start(['task', 'export', '--live']);
    await waitFor((see) => (see(live.stderr()).includes('takes what is written') ? true : null), 'the mirror');
    const workers = ['terminal-2', 'terminal-3'].map((name) => script('file-worker.ts', name));
    const files = filesIn(folder);
    for (let kill = 0; kill < 6; kill++) {
      for (let count = 0; count < 5; count++) {
        const name = `${kill}-${count}`;
        files.swap(`communication/messages/worker-to-master/${name}.json`, { workerId: 'terminal-2', text: name });
        await delay(10 * kill);
      }
      live.child.kill('SIGKILL');
      await live.result;
      live = world.start(['task', 'export', '--live']);
      await waitFor((see) => (see(live.stderr()).includes('takes what is written') ? true : null), 'the mirror again');
    }
    const ended = await Promise.all([leader, ...workers].map(({ result }) => result));
    expect(ended.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(3).fill([0, '']));
    await withWorldBoard(world, async (board) => {
      await waitFor(async () => {
        expect(await listMessages(board, PERSON)).toHaveLength(30);
        return true;
      }, 'the messages');
      const texts = (await listMessages(board, PERSON)).map(({ text }) => text);
      expect(new Set(texts).size).toBe(30);
      expect((await listTasks(board)).map(({ status, attempt }) => [status, attempt])).toEqual(
        Array(6).fill(['done', 1]),
      );
    });
    await waitFor(() => {
      expect(files.tasks().tasks.map(({ status }) => status)).toEqual(Array(6).fill('done'));
      return true;
    }, 'the file');
    live.child.kill('SIGINT');
    expect((await live.result).exitCode).toBe(130);
    const hidden = readdirSync(folder, { recursive: true }).filter((name) =>
      /(?:^|\/)\.[^/]*\.(?:new|old)$/.test(String(name)),
    );
    expect(hidden).toEqual([]);
  });
});
