import { existsSync, rmSync } from 'node:fs';
import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import { poll } from '../../lib/poll.ts';
import { endProcesses } from '../../process/end.ts';
import { processesWithEnv } from '../../process/identity.ts';
import { tmux } from '../../tmux/tmux.ts';
import type { Scratch } from './scratch.ts';

/** Milliseconds that agents get to notice that their terminal is gone. */
const GRACE = 2000;

/** Ends and removes everything that lives in the scratch machine. Answers what could not be removed. */
export async function removeScratch({ dir, home, socket, env }: Scratch): Promise<string[]> {
  await tmux({ socket, env }).endServer();
  // Whatever was started in the scratch machine has its home.
  const left = () => processesWithEnv('HOME', home);
  const gone = async () => ((await left()).length === 0 ? true : null);
  const stubborn = (await poll(gone, { timeout: GRACE })) ? [] : await endProcesses(await left());
  // A tmux client that was just starting when it was interrupted may have started a server after all.
  await tmux({ socket, env }).endServer();
  try {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    // The answer names it.
    log('debug', messageOf(error));
  }
  return [...stubborn.map((pid) => `process ${pid}`), ...(existsSync(dir) ? [dir] : [])];
}
