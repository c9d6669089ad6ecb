import { spawn } from 'node:child_process';

/**
 * Starts a program that may live on without this one, with nothing to read and nowhere to write. Answers its exit code
 * if it ends within `patience` milliseconds, 127 if it could not be started; null when it runs on or a signal ended it.
 */
export function startDetached(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly patience: number },
): Promise<number | null> {
  const [program = '', ...args] = argv;
  const { cwd, env, patience } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: 'ignore' });
    const timer = setTimeout(() => resolve(null), patience);
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(127));
    child.once('close', () => clearTimeout(timer));
    child.unref();
  });
}
