import { describe, expect, it } from 'vitest';
import { segment } from '../../src/agents/segment.ts';
import { STATUSES } from '../../src/agents/types.ts';
import { type Marks, markLines, setMarks } from '../../src/tmux/marks.ts';
import { useWorld } from '../support/world.ts';
import { driver, openProgram } from './support.ts';

const team = (text: string) =>
  text.split(' ').map((word) => {
    const status = STATUSES.find((one) => word.startsWith(one));
    if (status === undefined) throw new Error(word);
    return { status, unseen: word.endsWith('*') };
  });

describe('the segment of the status line', () => {
  it.each([
    [
      'waiting working working idle* idle failed starting',
      '◐1 ✗1 ✓1 ●3 ○1',
      '1 needs you · 1 failed · 1 done · 3 working · 1 idle',
    ],
    ['done done* idle*', '✓3', '3 done'],
    ['stuck blocked unknown', '!1 ◑1 ?1', '1 stuck · 1 blocked · 1 unknown'],
    ['waiting* failed*', '◐1 ✗1', '1 needs you · 1 failed'],
    ['paused exited* paused*', '', ''],
  ])('%s: %s', (agents, short, long) => {
    expect(segment(team(agents))).toBe(short);
    expect(segment(team(agents), { words: true })).toBe(long);
  });

  it('is empty without agents, and styled where a status line shows it', () => {
    expect(segment([])).toBe('');
    expect(segment(team('working waiting'), { styles: true })).toBe('#[fg=black,bg=yellow]◐1#[default] ●1');
  });
});

describe('what a mark was on', () => {
  const none: Marks = { sessions: [], windows: [] };
  const one: Marks = {
    sessions: [{ session: '$1', status: '○1' }],
    windows: [{ window: '@2', state: 'idle', glyph: '○' }],
  };

  it('loses it when no agent is there any more', () => {
    expect(markLines(none, one)).toEqual([
      "set-option -qu -t '$1' @swarm_status",
      "set-option -qu -w -t '@2' @swarm_state",
      "set-option -qu -w -t '@2' @swarm_glyph",
    ]);
    expect(markLines(none, none)).toEqual([]);
  });
});

describe('marks on windows', () => {
  const world = useWorld();

  it('are set for many in one call, where they changed, and taken away', async () => {
    const to = driver(world);
    const first = await openProgram(world, to, 'setInterval(() => {}, 1000)', 'a1');
    const second = await openProgram(world, to, 'setInterval(() => {}, 1000)', 'a2');
    const session = await to.display(first.pane, '#{session_id}');
    const marks = (status: string, state: string, glyph = '◐'): Marks => ({
      sessions: [{ session, status }],
      windows: [
        { window: first.window, state, glyph },
        { window: '@999', state, glyph },
        { window: second.window, state: 'idle', glyph: '○' },
      ],
    });
    const shown = async () => {
      const format = '#{@swarm_status}|#{@swarm_state}|#{@swarm_glyph}';
      return [await to.display(first.pane, format), await to.display(second.pane, format)];
    };
    const busy = marks(segment(team('waiting'), { styles: true }), 'waiting');
    await setMarks(to, busy, null);
    const status = '#[fg=black,bg=yellow]◐1#[default]';
    expect(await shown()).toEqual([`${status}|waiting|◐`, `${status}|idle|○`]);

    expect(markLines(busy, busy)).toEqual([]);
    const after = marks('', "it's\n\u001b[31m #(touch evil)", "'");
    expect(markLines(after, busy)).toHaveLength(5);
    await setMarks(to, after, busy);
    expect(await shown()).toEqual(["|it's (touch evil)|'", '|idle|○']);
    // Nothing to say to a server that is gone.
    await world.tmux(['kill-server']);
    await setMarks(to, busy, after);
  });
});
