import { spawn } from 'node:child_process';

/** One thing to measure: does its work once. */
export type Subject = () => Promise<void>;

/** A line of the result. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly ok: boolean;
}

/**
 * Milliseconds that each subject takes: the median of `rounds`. Each round runs all of them once, in turn forwards and
 * backwards, so that whatever else the machine does meets all alike. The first round is not counted: it warms caches.
 */
export async function measure<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(subjects) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const begin = performance.now();
      await subjects[name]();
      if (round > 0) times.get(name)?.push(performance.now() - begin);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Runs a program to its end without looking at what it says; fails when the program does. */
export function call(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly input?: string },
): Promise<void> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdin?.end(options.input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${argv.join(' ')} ended with ${code}: ${said}`));
    });
  });
}

/** `measured` against `limit`, both as multiples of `unit`. */
export function ratioRow(what: string, measured: number, unit: number, limit: number, unitName: string): Row {
  const ratio = measured / unit;
  return {
    what,
    measured: `${ratio.toFixed(2)} × ${unitName} (${Math.round(measured)} ms)`,
    limit: `${limit} × ${unitName} (${Math.round(limit * unit)} ms)`,
    ok: ratio <= limit,
  };
}

/** Milliseconds against milliseconds. */
export function timeRow(what: string, measured: number, limit: number, how = ''): Row {
  const shown = how === '' ? '' : ` = ${how}`;
  return {
    what,
    measured: `${Math.round(measured)} ms`,
    limit: `${Math.round(limit)} ms${shown}`,
    ok: measured <= limit,
  };
}

/** What has no limit. */
export const toldRow = (what: string, measured: string): Row => told({ what, measured });

/** A row whose limit does not count. */
export const told = ({ what, measured }: Pick<Row, 'what' | 'measured'>): Row => ({
  what,
  measured,
  limit: 'told only',
  ok: true,
});
