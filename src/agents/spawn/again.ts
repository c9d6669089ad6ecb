import { UserError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/text.ts';
import type { SpawnRequest } from './request.ts';

/**
 * The command line that was typed, with one flag more or another value for it: what a refusal says to type next. Null
 * where nobody typed a spawn.
 */
export function again({ typed }: Pick<SpawnRequest, 'typed'>, flag: string, value?: string): string | null {
  if (typed.length === 0) return null;
  const end = typed.indexOf('--');
  const [own, passed] = end === -1 ? [typed, []] : [typed.slice(0, end), typed.slice(end)];
  const kept = own.filter((word, index) => word !== flag && own[index - 1] !== flag && !word.startsWith(`${flag}=`));
  const more = value === undefined ? [flag] : [flag, value];
  return ['swarm', 'spawn', ...kept, ...more, ...passed].map(shellWord).join(' ');
}

/** What the workspace refuses names a flag; here is what goes with it. */
export function hinted(error: unknown, request: SpawnRequest, agentName: string): unknown {
  if (!(error instanceof UserError)) return error;
  const hint = hintFor(error, request, agentName) ?? error.hint;
  const { code, exit, message, details } = error;
  return new UserError({ code, exit, message, details, hint, cause: error });
}

function hintFor({ code, details }: UserError, request: SpawnRequest, agentName: string): string | null {
  switch (code) {
    case 'BRANCH_TAKEN':
      return request.branch === null
        ? again(request, '--another')
        : again(request, '--branch', `${String(details['branch'])}-2`);
    case 'PATH_EXISTS':
      return again(request, '--name', `${agentName}-2`);
    default:
      return null;
  }
}
