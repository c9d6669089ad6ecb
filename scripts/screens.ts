// Reads every recorded screen and every trap with its agent CLI's detectors and prints agent × state × right/wrong. Exit 1
// on any wrong. With `--record AGENT NAME`: records the screen of an agent of the repository around the current folder.
import { agentCli } from '../src/agents/clis/index.ts';
import { type Look, parseScreen } from '../src/agents/screen.ts';
import { recordedScreens, screenOf } from '../test/clis/fixtures.ts';
import { trapScreens } from '../test/clis/traps.ts';

const lookAt = (cli: string, screen: Parameters<ReturnType<typeof agentCli>['look']>[0]) =>
  agentCli(cli, { agents: {} }).look(screen);

interface Case {
  readonly cli: string;
  readonly name: string;
  /** What is printed as the state. */
  readonly state: string;
  readonly look: Look;
  readonly right: boolean;
}

function cases(): Case[] {
  const recorded = recordedScreens().map((screen): Case => {
    const { cli, name, state, draft, waiting } = screen;
    const look = lookAt(cli, screenOf(screen));
    const asked = JSON.stringify([look.waiting?.kind, look.waiting?.subject, look.waiting?.options]);
    const wanted = JSON.stringify([waiting?.kind, waiting?.subject, waiting?.options]);
    return { cli, name, state, look, right: look.state === state && look.input.draft === draft && asked === wanted };
  });
  const traps = trapScreens().map(({ cli, name, text }): Case => {
    const look = lookAt(cli, parseScreen(text));
    return { cli, name, state: 'trap', look, right: look.state === 'ready' && look.input.draft === '' };
  });
  return [...recorded, ...traps].sort((a, b) => (a.cli < b.cli ? -1 : a.cli > b.cli ? 1 : 0));
}

function report(): void {
  const counts = new Map<string, { right: number; wrong: number }>();
  const wrong: string[] = [];
  for (const { cli, name, state, look, right } of cases()) {
    const key = `${cli.padEnd(10)} ${state.padEnd(8)}`;
    const count = counts.get(key) ?? { right: 0, wrong: 0 };
    counts.set(key, right ? { ...count, right: count.right + 1 } : { ...count, wrong: count.wrong + 1 });
    if (!right) wrong.push(`${name}: ${look.state} (${look.rule}: ${look.reason}), expected ${state}`);
  }
  const rows = [...counts].map(
    ([key, count]) => `${key} ${String(count.right).padStart(5)} ${String(count.wrong).padStart(5)}`,
  );
  process.stdout.write(`${['agent      state    right wrong', ...rows, ...wrong].join('\n')}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

const [flag, agent, name] = process.argv.slice(2);
if (flag === undefined) report();
else if (flag === '--record' && agent !== undefined && name !== undefined) {
  const { recordScreen } = await import('./record-screen.ts');
  process.stdout.write(await recordScreen(process.env['INIT_CWD'] ?? process.cwd(), agent, name));
} else {
  process.stderr.write('usage: npm run screens [-- --record AGENT NAME]\n');
  process.exitCode = 2;
}
