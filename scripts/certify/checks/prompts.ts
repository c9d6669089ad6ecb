import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../stage.ts';
import { type Delivered, send, statusOf, until, Wrong } from '../watching.ts';
import { AGENT, type Check } from './types.ts';

/** Prompts that are hard to type, by what is hard about them. Each holds its marker once. */
const ZOO: Readonly<Record<string, (marker: string) => string>> = {
  'several lines': (marker) => `${marker} one\n  two, indented\n\nfour`,
  quotes: (marker) => `${marker} 'single' "double" \`back\` $(id) \${HOME} %s \\n #{pane_id}`,
  'leading /': (marker) => `/${marker} is no command`,
  'leading !': (marker) => `!touch ${marker}`,
  'leading #': (marker) => `# ${marker} is no memory`,
  'leading @': (marker) => `@${marker} is no file`,
  'leading -': (marker) => `-n ${marker} is no option`,
  'trailing \\': (marker) => `${marker} ends with \\`,
  'trailing ;': (marker) => `${marker} ends with ;`,
  emoji: (marker) => `${marker} 👩‍💻 naïve 日本語 ✓`,
  '5 kB': (marker) => `${marker} ${Array.from({ length: 100 }, (_, n) => `line ${n} ${'x'.repeat(42)}`).join('\n')}`,
};

/** The text that must have reached the model: the prompt, with what swarm says that it changed, as the CLI takes it. */
function expected(stage: Stage, prompt: string, { changes }: Delivered): string {
  const told = changes.join(' and ');
  const before = told.includes('a space before the leading') ? ' ' : '';
  const after = told.includes('a space after the trailing') ? ' ' : '';
  return stage.profile.taken(before + prompt + after);
}

/** Waits for the prompt at the model. @throws Wrong when it isn't there exactly, or not exactly once. */
export async function expectOnce(stage: Stage, marker: string, prompt: string, delivery: Delivered): Promise<void> {
  await until(
    `the answer to ${marker}`,
    () => stage.server.turns(marker).find(({ state }) => state === 'answered') ?? null,
  );
  const turns = stage.server.turns(marker).filter(({ turn }) => turn?.results.length === 0);
  if (turns.length !== 1) throw new Wrong(`it reached the model ${turns.length} times`);
  const turn = turns[0]?.turn;
  const times = turn?.said.filter((text) => text.includes(marker)).length;
  if (times !== 1) throw new Wrong(`it is ${times} times in what the model was sent`);
  const received = stage.profile.unwrapped(turn?.prompt ?? '');
  const wanted = expected(stage, prompt, delivery);
  if (received !== wanted) throw new Wrong(`the model got ${shortened(received)}, expected ${shortened(wanted)}`);
}

const shortened = (text: string) => {
  const whole = JSON.stringify(text);
  return whole.length > 160 ? `${whole.slice(0, 80)} … ${whole.slice(-70)} (${text.length} characters)` : whole;
};

async function zoo(stage: Stage): Promise<string> {
  const wrong: string[] = [];
  const { worktree } = await statusOf(stage, AGENT);
  for (const [name, make] of Object.entries(ZOO)) {
    const marker = stage.marker();
    try {
      const delivery = await send(stage, AGENT, make(marker));
      await expectOnce(stage, marker, make(marker), delivery);
      if (existsSync(join(worktree ?? '', marker))) throw new Wrong('it ran as a command');
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrong.push(`${name}: ${error.message}`);
    }
  }
  if (wrong.length > 0) throw new Wrong(wrong.join('; '));
  return `${Object.keys(ZOO).length} prompts`;
}

export const PROMPTS: readonly Check[] = [{ ability: 'prompts typed, exact and once', run: zoo }];
