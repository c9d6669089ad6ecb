import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { recordedScreens, screenOf } from './fixtures.ts';

const screens = recordedScreens();

describe('recorded screens', () => {
  it('are all there', () => {
    expect(screens.length).toBeGreaterThanOrEqual(61);
  });

  it.each(screens)('$name is $state', (screen) => {
    const { cli, state, rule, draft, queued, waiting } = screen;
    const look = agentCli(cli, { agents: {} }).look(screenOf(screen));
    expect({ ...look, reason: '' }).toEqual({ state, rule, input: { draft }, queued, waiting, reason: '' });
    expect(look.reason).not.toBe('');
  });
});

describe('words that tmux looks for before Enter', () => {
  it.each(screens)('$name: are there exactly when a dialog is', (screen) => {
    const { cli, waiting } = screen;
    const { dialogWords } = agentCli(cli, { agents: {} });
    const { lines } = screenOf(screen);
    expect(dialogWords.some((word) => lines.some((line) => line.includes(word)))).toBe(waiting !== null);
  });
});
