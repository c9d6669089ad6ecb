import type { DemoAgent, DemoDoor, DemoResult, Kept } from '../agents/demo/types.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine, shellWord } from '../lib/text.ts';
import { renderError, toErrorDocument } from './errors.ts';
import { narrate, paint } from './output.ts';
import { table } from './table.ts';

/** Narrates on stderr, each line with the seconds since the beginning. */
export function demoDoor(): DemoDoor {
  const started = performance.now();
  const tell = (mark: string, text: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    narrate(`${paint('dim', `${seconds} s`, process.stderr)}  ${mark} ${text}`);
  };
  return {
    step: (text) => tell(paint('green', '✓', process.stderr), text),
    // A line break in a prompt would break the line.
    command: (argv) => tell(paint('cyan', '$', process.stderr), argv.map(shellWord).join(' ').replaceAll('\n', ' ⏎ ')),
    news: (agent, text) => tell(' ', `${paint('bold', agent, process.stderr)} ${oneLine(text, 100)}`),
  };
}

/** The JSON of the demo; what was not as it should be is its error. */
export function toDemoDocument(result: DemoResult): Readonly<Record<string, unknown>> {
  const error = demoError(result);
  return { ...result, ...(error === null ? {} : { error: toErrorDocument(error, 'demo').document }) };
}

/** 1 when something was not as it should be. */
export function exitOfDemo({ ok }: DemoResult): number {
  return ok ? exit.done : exit.failed;
}

/** The team as a table, how many checks held, and where to go from here; what did not hold goes to stderr. */
export function renderDemo(result: DemoResult): string {
  const { agents, checks, ms, kept } = result;
  const error = demoError(result);
  if (error !== null) process.stderr.write(renderError(toErrorDocument(error, 'demo').document));
  const held = checks.filter(({ ok }) => ok).length;
  const mark = held === checks.length ? paint('green', '✓') : paint('red', '✗');
  const removed = kept === null ? ' Everything is removed again.' : '';
  const count = held === checks.length ? `All ${held}` : `${held} of ${checks.length}`;
  const summary = `${mark} ${count} checks held, in ${(ms / 1000).toFixed(1)} s.${removed}`;
  return ['', teamTable(agents), summary, ...(kept === null ? [] : ['', ...keptLines(kept)])].join('\n');
}

function teamTable(agents: readonly DemoAgent[]): string {
  const columns = ['AGENT', 'BRANCH', 'COMMIT', 'PORT', 'PROMPT', 'SEEN BY', 'MS'];
  const rows = agents.flatMap(({ agent, branch, commits, ports, deliveries }) =>
    Array.from({ length: Math.max(1, commits.length, deliveries.length) }, (_, index) => {
      const [commit, delivery] = [commits[index], deliveries[index]];
      return [
        ...(index === 0 ? [agent, branch] : ['', '']),
        commit === undefined ? '-' : `${commit.oid.slice(0, 7)} ${commit.subject}`,
        index === 0 ? Object.values(ports).join(',') : '',
        delivery?.state ?? '-',
        delivery?.evidence ?? '-',
        delivery === undefined ? '-' : String(delivery.ms),
      ];
    }),
  );
  return table(
    columns.map((title) => ({
      title,
      shrinks: title === 'COMMIT',
      ...(title === 'MS' ? { align: 'right' as const } : {}),
    })),
    rows,
  );
}

function keptLines({ commands, remove }: Kept): string[] {
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  return ['To look around:', ...indented(commands), '', 'To remove it all:', ...indented([remove])];
}

function demoError({ checks, kept }: DemoResult): UserError | null {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return null;
  const lines = failed.map(({ agent, what, found }) => {
    const whose = agent === null ? '' : `${agent}: `;
    return `  ${whose}${what}: found ${oneLine(found ?? 'nothing', 300)}`;
  });
  return new UserError({
    code: 'DEMO_FAILED',
    exit: exit.failed,
    message: ['Not everything was as it should be:', ...lines].join('\n'),
    hint: kept === null ? 'swarm demo --keep' : 'swarm doctor',
    details: { failed },
  });
}
