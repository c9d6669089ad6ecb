import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import { recordedScreens } from './fixtures.ts';

const screens = recordedScreens();

describe('recorded screens', () => {
  it('are all there', () => {
    expect(screens.length).toBeGreaterThanOrEqual(61);
  });

  it.each(screens)('$name is $state', ({ cli, text, state, rule, draft, queued, waiting }) => {
    const look = agentCli(cli, { agents: {} }).look(parseScreen(text));
    expect({ ...look, reason: '' }).toEqual({ state, rule, input: { draft }, queued, waiting, reason: '' });
    expect(look.reason).not.toBe('');
  });
});

describe('words that tmux looks for before Enter', () => {
  it.each(screens)('$name: are there exactly when a dialog is', ({ cli, text, waiting }) => {
    const { dialogWords } = agentCli(cli, { agents: {} });
    const { lines } = parseScreen(text);
    expect(dialogWords.some((word) => lines.some((line) => line.includes(word)))).toBe(waiting !== null);
  });
});
