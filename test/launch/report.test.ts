import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  markRecorded,
  newEvents,
  newestEvents,
  readSpool,
  spoolEntries,
  spoolNames,
  sweepSpool,
} from '../../src/agents/events.ts';
import { run } from '../../src/process/run.ts';
import { root } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
const hook = join(root, 'hooks', 'report');

/** A folder for events; made unless it is to be missing. */
function spool(made = true): string {
  const dir = join(world.dir, "spool it's");
  if (made) mkdirSync(dir, { recursive: true });
  return dir;
}

function report(args: readonly string[], input?: string, shell = '/bin/sh', env: Record<string, string> = {}) {
  const options = input === undefined ? {} : { input };
  return run([shell, hook, ...args], {
    env: { PATH: '/usr/bin:/bin', ...env },
    cwd: world.dir,
    timeout: 20_000,
    ...options,
  });
}

const silent = { exitCode: 0, stdout: '', stderr: '' };

describe.each(['dash', 'bash', '/bin/sh'])('hooks/report under %s', (shell) => {
  it('drops what the agent said, whole', async () => {
    const dir = spool();
    const payload = { prompt: 'say "it\'s" \\n $(x)\n\n', emoji: '😀' };
    const before = Date.now();
    expect(await report([dir, 'UserPromptSubmit'], JSON.stringify(payload), shell)).toMatchObject(silent);
    const [event, ...more] = await readSpool(dir);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ event: 'UserPromptSubmit', payload });
    // The clock of files is a little coarser than the other.
    expect(Math.abs(Date.parse(event?.at ?? '') - before)).toBeLessThan(20_000);
    expect(statSync(event?.file ?? '').mode & 0o777).toBe(0o600);
  });

  it('takes the folder from the environment, and JSON as an argument', async () => {
    const dir = spool();
    expect(await report(['Stop'], '', shell, { SWARM_SPOOL: dir })).toMatchObject(silent);
    expect(await report(['', 'notify', '{"type":"done"}'], undefined, shell, { SWARM_SPOOL: dir })).toMatchObject(
      silent,
    );
    const events = await readSpool(dir);
    expect(events.map(({ event, payload }) => ({ event, payload }))).toEqual([
      { event: 'Stop', payload: null },
      { event: 'notify', payload: { type: 'done' } },
    ]);
  });

  it('does not disturb the agent when there is no folder or no room', async () => {
    const large = 'x'.repeat(1_000_000);
    expect(await report([spool(false), 'Stop'], large, shell)).toMatchObject(silent);
    expect(await report(['Stop'], large, shell)).toMatchObject(silent);
    expect(await report([], large, shell)).toMatchObject(silent);
    const dir = spool();
    const limited = `ulimit -f 8; trap '' XFSZ; exec ${shell} "$0" "$1" Stop`;
    const full = await run(['/bin/sh', '-c', limited, hook, dir], { input: large });
    expect(full).toMatchObject(silent);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('never writes outside the folder', async () => {
    const dir = spool();
    await report([dir, '../../Stop'], '{}', shell);
    expect((await readSpool(dir)).map(({ event }) => event)).toEqual(['unknown']);
  });
});

describe('a spool', () => {
  it('keeps the events of 50 writers at once apart', async () => {
    const dir = spool();
    const text = (i: number) => JSON.stringify({ i, filling: String.fromCharCode(97 + (i % 26)).repeat(700_000) });
    await Promise.all(Array.from({ length: 50 }, (_, i) => report([dir, 'PreToolUse'], text(i))));
    const events = await readSpool(dir);
    expect(events.map(({ payload }) => JSON.stringify(payload)).sort()).toEqual(
      Array.from({ length: 50 }, (_, i) => text(i)).sort(),
    );
  });

  it('is in the order of reporting, and survives garbage', async () => {
    const dir = spool();
    const put = (name: string, text: string, second: number) => {
      writeFileSync(join(dir, name), text);
      utimesSync(join(dir, name), second, second);
    };
    put('0000000900-Stop.json', '{"n":1}', 100);
    put('0000000002-Late.json', '{"n":', 300);
    put('0000000001-Same.json', '[3]', 200);
    put('0000000003-Same-x.json', '\u0000', 200);
    put('0000000004-Huge.json', `"${'h'.repeat(1024 * 1024)}"`, 400);
    put('.0000000005-Unfinished', '{}', Date.now() / 1000);
    put('.0000000006-Abandoned', '{}', 100);
    put('notes.txt', 'mine', 100);
    mkdirSync(join(dir, '0000000007-Folder.json'));
    const seen = (await readSpool(dir)).map(({ event, payload }) => [event, payload]);
    expect(seen).toEqual([
      ['Stop', { n: 1 }],
      ['Same', [3]],
      ['Same', null],
      ['Late', null],
      ['Huge', null],
    ]);
    await sweepSpool(dir);
    expect(readdirSync(dir)).not.toContain('.0000000006-Abandoned');
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['.0000000005-Unfinished', 'notes.txt']));
  });

  it('is read from its newest event on, as far as is asked, and for what is new', async () => {
    const dir = spool();
    const put = (name: string, second: number) => {
      writeFileSync(join(dir, name), '{}');
      utimesSync(join(dir, name), second, second);
    };
    put('0000000003-First.json', 100);
    put('0000000001-Second.json', 200);
    const before = await spoolNames(dir);
    put('0000000002-Third.json', 300);
    const read = async (since?: string) => {
      const seen: string[] = [];
      for await (const { event } of newestEvents(dir, since)) seen.push(event);
      return seen;
    };
    expect(await read()).toEqual(['Third', 'Second', 'First']);
    expect(await read(new Date(200_000).toISOString())).toEqual(['Third', 'Second']);
    expect((await newEvents(dir, before)).map(({ event }) => event)).toEqual(['Third']);
    for await (const { file } of newestEvents(dir)) {
      // Gone before it was its turn: another reader was faster.
      rmSync(join(dir, '0000000001-Second.json'), { force: true });
      expect(file).not.toContain('Second');
    }
    expect(await spoolNames(join(dir, 'missing'))).toEqual(new Set());
  });

  it('says of each file whether it was recorded, and goes on being read', async () => {
    const dir = spool();
    for (const event of ['One', 'Two']) await report([dir, event], '{}');
    const [first] = await spoolEntries(dir);
    markRecorded(first?.file ?? '');
    markRecorded(join(dir, 'gone.json'));
    expect((await spoolEntries(dir)).map(({ event, recorded }) => [event, recorded])).toEqual([
      ['One', true],
      ['Two', false],
    ]);
    expect((await readSpool(dir)).map(({ event }) => event)).toEqual(['One', 'Two']);
    expect(await readSpool(join(dir, 'missing'))).toEqual([]);
  });
});
