// Reads every recorded screen with its agent CLI's detectors and prints agent × state × right/wrong. Exit 1 on any wrong.
import { agentCli } from '../src/agents/clis/index.ts';
import { parseScreen } from '../src/agents/screen.ts';
import { recordedScreens } from '../test/clis/fixtures.ts';

const counts = new Map<string, { right: number; wrong: number }>();
const wrong: string[] = [];
for (const screen of recordedScreens()) {
  const look = agentCli(screen.cli, { agents: {} }).look(parseScreen(screen.text));
  const right = look.state === screen.state && look.input.draft === screen.draft;
  const key = `${screen.cli.padEnd(10)} ${screen.state.padEnd(8)}`;
  const count = counts.get(key) ?? { right: 0, wrong: 0 };
  counts.set(key, right ? { ...count, right: count.right + 1 } : { ...count, wrong: count.wrong + 1 });
  if (!right) wrong.push(`${screen.name}: ${look.state} (${look.rule}: ${look.reason}), expected ${screen.state}`);
}
const rows = [...counts].map(
  ([key, count]) => `${key} ${String(count.right).padStart(5)} ${String(count.wrong).padStart(5)}`,
);
process.stdout.write(`${['agent      state    right wrong', ...rows, ...wrong].join('\n')}\n`);
if (wrong.length > 0) process.exitCode = 1;
