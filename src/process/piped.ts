import { spawn } from 'node:child_process';

/** A program that goes on while this one talks with it, line by line. */
export interface Piped {
  /** Writes to its standard input; nothing happens once it has ended. */
  write(text: string): void;
  /** Closes its standard input, and ends it when it does not end by itself in `patience` milliseconds. */
  close(patience: number): Promise<void>;
  /** Resolves when it has ended, or could not be started. Never rejects. */
  readonly ended: Promise<void>;
}

/** Starts a program with pipes for input and output; `onLine` gets each whole line that it prints. */
export function startPiped(
  argv: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly onLine: (line: string) => void },
): Piped {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env: options.env, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  // Written to after it has ended: `ended` tells.
  child.stdin.on('error', () => {});
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine(line);
  });
  return {
    write: (text) => {
      if (child.stdin.writable) child.stdin.write(text);
    },
    async close(patience) {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(timer);
    },
    ended,
  };
}
