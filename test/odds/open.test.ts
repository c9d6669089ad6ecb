import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

describe("in an agent's worktree", () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  const program = async (name: string, script: string) => {
    await run(['chmod', '+x', world.write(join(world.bin, name), `#!/bin/sh\n${script}\n`)]);
  };
  const worktree = () => join(world.dir, 'app.worktrees', 'worker-1');

  beforeEach(async () => {
    await spawnOne(world, ['t']);
  });

  it('an editor with a window is started and left alone', async () => {
    const said = join(world.dir, 'said');
    await program('code', `echo "$@" in "$PWD" >> ${said}`);
    const opened = await world.swarm(['open', 't', '--editor', 'code --reuse-window', '--json']);
    expect(opened.jsonAs<object>()).toMatchObject({ editor: 'code', path: worktree() });
    expect(readFileSync(said, 'utf8')).toBe(`--reuse-window ${worktree()} in ${worktree()}\n`);
    expect((await world.swarm(['open', '1'], { env: { EDITOR: 'code', VISUAL: '' } })).stdout).toContain(
      'opened in code',
    );
    await program('zed', `printf '[%s]' "$@" > ${said}`);
    const quoted = `zed "two  words" 'and $HOME' a\\ b "it's" "" x\\"y`;
    expect((await world.swarm(['open', 't', '--editor', quoted])).exitCode).toBe(0);
    expect(readFileSync(said, 'utf8')).toBe(`[two  words][and $HOME][a b][it's][][x"y][${worktree()}]`);
    expect(await refused(world, ['open', 't', '--editor', `"No Editor" -n`], 5)).toMatchObject({
      message: expect.stringContaining("'No Editor'"),
    });
    await program('cursor', 'exit 9');
    expect(await refused(world, ['open', 't', '--editor', 'cursor'], 1)).toMatchObject({ code: 'EDITOR_FAILED' });
    // Some are their own starter: they live on.
    await program(
      'idea',
      `trap 'echo closed >> ${said}; exit' TERM; echo $$ > ${said}.pid; while [ ! -e ${said}.end ]; do sleep 0.1; done; echo at its end >> ${said}`,
    );
    expect((await world.swarm(['open', 't', '--editor', 'idea'])).exitCode).toBe(0);
    world.write(`${said}.end`, '');
    await waitFor((see) => (see(readFileSync(said, 'utf8')).includes('at its end') ? true : null), 'the editor to end');
    expect(readFileSync(said, 'utf8')).not.toContain('closed');
  });

  it('an editor of the terminal takes it over', async () => {
    await program('nvim', 'echo "EDITING $1 in $PWD"; read -r line; exit "$line"');
    await terminal.open();
    await terminal.type('swarm open t --editor nvim; echo "left"$?');
    expect((await terminal.shows(/EDITING[\s\S]*worker-1 in/)).replaceAll('\n', '')).toContain(`EDITING ${worktree()}`);
    await terminal.type('0');
    await terminal.shows(/left0/);
    await terminal.type('clear; EDITOR=nvim VISUAL= swarm open worker-1; echo "left"$?');
    await terminal.shows(/EDITING/);
    await terminal.type('3');
    await terminal.shows(/left1/);
    expect(await refused(world, ['open', 't', '--editor', 'nvim'], 2)).toMatchObject({ code: 'NO_TERMINAL' });
    expect(await refused(world, ['open', 't', '--editor', 'vimm'], 5)).toMatchObject({
      code: 'MISSING_PROGRAM',
      hint: 'swarm open worker-1 --editor vim',
    });
  });

  it("a shell has its ports and branch, but is the person's", async () => {
    await terminal.open();
    await terminal.type('SWARM_AGENT=somebody swarm shell t; echo "left"$?');
    await terminal.shows(/\n\$ *\n/);
    await terminal.type('clear; echo "[$PWD|$PORT|$SWARM_BRANCH|$SWARM_AGENT|$SWARM_TOKEN]"');
    const screen = (await terminal.shows(/^\[\//m)).replaceAll('\n', '');
    expect(screen).toContain(`[${worktree()}|3000|t||]`);
    await terminal.type('exit 7');
    await terminal.shows(/left0/);
    expect(await refused(world, ['shell', 't'], 2)).toMatchObject({ code: 'NO_TERMINAL', hint: expect.anything() });
    expect((await world.swarm(['path', 't'])).stdout).toBe(`${worktree()}\n`);
    expect(existsSync(worktree())).toBe(true);
  });
});
