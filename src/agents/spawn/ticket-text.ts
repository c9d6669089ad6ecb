import { exit, UserError } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import { run } from '../../process/run.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import type { Session } from '../session.ts';
import type { SpawnJob } from './request.ts';

/** Milliseconds that `tickets.command` may take. */
const TICKET_TIMEOUT = 60_000;

/** The agent's prompt: what `tickets.command` prints about the ticket, then what the person said. Null for none. */
export async function ticketText(session: Session, job: SpawnJob, approved: ApprovedCommands): Promise<string | null> {
  const [command] = approved.lines('tickets.command');
  if (command === undefined || job.ticket === null) return job.prompt;
  const number = /\d+/.exec(job.ticket)?.[0] ?? '';
  const env = { ...session.env, SWARM_TICKET: job.ticket, SWARM_TICKET_NUMBER: number, SWARM_REPO: session.repo.root };
  const argv = ['/bin/sh', '-c', command];
  const result = await run(argv, { cwd: session.repo.root, env, timeout: TICKET_TIMEOUT });
  if (result.exitCode !== 0) {
    const how = result.timedOut ? `took longer than ${TICKET_TIMEOUT / 1000} s` : `ended with ${result.exitCode}`;
    throw new UserError({
      code: 'TICKET_COMMAND_FAILED',
      exit: exit.failed,
      message: `tickets.command ${how} for '${job.ticket}': ${oneLine(result.stderr, 300)}`,
      hint: 'Mend tickets.command in swarm.yaml, or leave it out and say the ticket with -p.',
      details: { ticket: job.ticket, exitCode: result.exitCode, stderr: result.stderr },
    });
  }
  return [result.stdout.trim(), job.prompt].filter((part) => part !== null && part !== '').join('\n\n') || null;
}
