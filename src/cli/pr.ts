import { exit, UserError } from '../lib/errors.ts';
import { plainLine } from '../lib/text.ts';
import type { PullPlan, PullResult } from '../merge/pull-request.ts';
import { asText, fromText } from '../merge/pull-text.ts';
import { editText } from './edit-text.ts';
import { requireTerminal } from './foreground.ts';
import { paint } from './output.ts';

/** 0 opened, updated or only planned; 5 where gh is missing and the commands were printed. */
export const exitOfPull = ({ state }: PullResult): number => (state === 'commands' ? exit.missing : exit.done);

/** The plan with its text as the user left it in the editor. @throws UserError exit 130 when no title is left. */
export async function edited(plan: PullPlan, json: boolean, env: NodeJS.ProcessEnv): Promise<PullPlan> {
  // At once: a file of a moment that is gone by then would be no command to type.
  requireTerminal(['swarm', 'pr', plan.agent, '--edit'], json);
  const text = fromText(await editText(asText(plan), 'PULL_REQUEST.md', json, env));
  if (text !== null) return { ...plan, ...text };
  throw new UserError({
    code: 'NO_TITLE',
    exit: exit.interrupted,
    message: 'No title was left: nothing was pushed.',
    hint: `swarm pr ${plan.agent}`,
  });
}

/** Where the pull request is, or what it would be, for people. */
export function renderPull(pull: PullResult): string {
  const { agent, branch, into, state, title, body, url, commands } = pull;
  const way = plainLine(`${branch} → ${into}`);
  if (state === 'opened') return `${paint('green', '✓')} ${agent}: ${plainLine(title)} (${way})\n${url ?? ''}`;
  if (state === 'updated')
    return `${paint('green', '✓')} ${agent}: the pull request has the new commits (${way})\n${url ?? ''}`;
  if (state === 'commands') return commands.join('\n');
  return [`${paint('bold', plainLine(title))}  ${way}`, '', body.trimEnd(), '', ...commands].join('\n');
}
