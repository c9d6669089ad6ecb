import { join } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import { programRoot } from '../../lib/program.ts';
import { run } from '../../process/run.ts';
import type { Scratch } from './scratch.ts';
import type { DemoDoor } from './types.ts';

/** How the demo calls swarm: as a person does, by its front door. */
export interface Caller {
  readonly scratch: Scratch;
  readonly door: DemoDoor;
  readonly signal: AbortSignal;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/**
 * Shows the command line, runs it with `--json` and answers its document, taken to be a T: it comes from this program.
 * @throws UserError with what swarm said when it failed; exit 130 when it was interrupted.
 */
export async function call<T extends object>({ scratch, door, signal }: Caller, argv: readonly string[]): Promise<T> {
  refuseInterrupted(signal);
  door.command(['swarm', ...argv]);
  const program = [process.execPath, join(programRoot(), 'bin', 'run.js')];
  const result = await run([...program, ...argv, '--json'], { cwd: scratch.repo, env: { ...scratch.env }, signal });
  refuseInterrupted(signal);
  const document = parse<T & { readonly error?: Failure }>(result.stdout);
  if (document !== null && document.error === undefined) return document;
  const { message = result.stderr.trim() || `it ended with ${result.exitCode ?? result.signal}`, hint = null } =
    document?.error ?? {};
  throw new UserError({
    code: document?.error?.code ?? 'DEMO_CALL_FAILED',
    exit: result.exitCode === exit.missing ? exit.missing : exit.failed,
    message: `swarm ${argv[0]} failed in the scratch repository: ${message}`,
    // Other hints name agents that are gone with the demo.
    hint: result.exitCode === exit.missing ? hint : 'swarm doctor',
    details: { argv, exitCode: result.exitCode, stderr: result.stderr },
  });
}

/** @throws UserError (exit 130) after Ctrl-C. */
export function refuseInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new UserError({
    code: 'INTERRUPTED',
    exit: exit.interrupted,
    message: 'Interrupted. What the demo had made is removed again.',
    hint: null,
  });
}

function parse<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
