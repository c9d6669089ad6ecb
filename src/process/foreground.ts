import { execa } from 'execa';
import { onInterrupt } from './interrupt.ts';

/** Runs a program in the user's terminal, which it takes over until it ends. Answers its exit code; 127 when it isn't there. */
export async function runForeground(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  const [program = '', ...args] = argv;
  const cwd = options.cwd === undefined ? {} : { cwd: options.cwd };
  const env = options.env ?? process.env;
  // Ctrl-C belongs to the program in the foreground; this process only waits for it.
  const forget = onInterrupt(() => {});
  try {
    const result = await execa(program, args, { stdio: 'inherit', reject: false, extendEnv: false, env, ...cwd });
    if (result.code === 'ENOENT') return 127;
    return result.exitCode ?? 1;
  } finally {
    forget();
  }
}
