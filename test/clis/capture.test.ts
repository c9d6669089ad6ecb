import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { parseScreen, runsOf } from '../../src/agents/screen.ts';
import { isFaint, startPen } from '../../src/agents/sgr.ts';
import { poll } from '../../src/lib/poll.ts';
import { useWorld } from '../support/world.ts';

describe('a capture of a real pane', () => {
  const world = useWorld();

  /** Shows text in a pane and captures it with its colours. */
  async function capture(text: string): Promise<string> {
    const file = world.write(join(world.dir, 'screen.txt'), text);
    const show = ['/bin/sh', '-c', 'cat "$1"; exec sleep 60', 'show', file];
    await world.tmux(['-f', '/dev/null', 'new-session', '-d', '-x', '60', '-y', '12', ...show]);
    const seen = await poll(
      async () => {
        const { stdout } = await world.tmux(['capture-pane', '-e', '-p', '-N', '-t', ':0.0']);
        return stdout.includes('END') ? stdout : null;
      },
      { timeout: 20_000 },
    );
    return seen ?? '';
  }

  const rule = '─'.repeat(60);

  it('keeps a colour that goes on over the end of a line', async () => {
    const screen = parseScreen(await capture('\u001b[2mone\ntwo\u001b[0m\nthree\nEND'));
    expect(screen.lines.slice(0, 4)).toEqual(['one', 'two', 'three', 'END']);
    const faint = [0, 1, 2].map((row) =>
      runsOf(screen, row)
        .filter(({ text }) => text.trim() !== '')
        .every(({ pen }) => isFaint(pen)),
    );
    expect(faint).toEqual([true, true, false]);
  });

  it("takes nothing of an underline's colour for a style", async () => {
    const screen = parseScreen(
      await capture('\u001b[4;58;5;7mone\u001b[4;58;2;1;31;7mtwo\u001b[59m\u001b[1mthree\u001b[0m\nEND'),
    );
    const underlined = { ...startPen, underline: true };
    expect(runsOf(screen, 0).filter(({ text }) => text.trim() !== '')).toEqual([
      { text: 'one', pen: underlined },
      { text: 'two', pen: underlined },
      { text: 'three', pen: { ...underlined, bold: true } },
    ]);
  });

  it('reads line drawing', async () => {
    const screen = parseScreen(await capture('\u001b(0lqqk\u001b(B x\nEND'));
    expect(screen.lines[0]).toBe('┌──┐ x');
  });

  const box = (content: string) => `${rule}\n❯\u00a0${content}\n${rule}\n  END`;
  it.each([
    ['a draft with a suggestion behind it', 'add tests\u001b[2m for the parser\u001b[0m', 'add tests'],
    ['a suggestion with the cursor on it', '\u001b[7ma\u001b[0m\u001b[2mdd tests\u001b[0m', ''],
  ])('tells %s', async (_, content, draft) => {
    const screen = parseScreen(await capture(box(content)));
    expect(agentCli('claude', { agents: {} }).look(screen)).toMatchObject({ state: 'ready', input: { draft } });
  });
});
