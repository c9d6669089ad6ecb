import { Flags } from '@oclif/core';
import { type AgentDiff, agentDiffs } from '../agents/diff.ts';
import { withSession } from '../agents/session.ts';
import { agentArg } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { paint, useColour } from '../cli/output.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../cli/targets.ts';

export default class Diff extends SwarmCommand {
  static override summary = 'Show what an agent has made since its work began, untracked files included.';
  static override args = { agent: agentArg };
  static override flags = {
    stat: Flags.boolean({ description: 'Lines changed per file.', exclusive: ['name-only'] }),
    'name-only': Flags.boolean({ description: 'Names of changed files.' }),
  };
  static override examples = ['<%= config.bin %> diff worker-1', '<%= config.bin %> diff ticket-42 --stat'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    const form = flags.stat ? 'stat' : flags['name-only'] ? 'name-only' : 'patch';
    const colour = !this.wantsJson && useColour(process.stdout);
    const { diffs, errors } = await withSession(flags.cd, (session) => agentDiffs(session, args.agent, form, colour));
    this.answer({ diffs, errors: errorDocuments(errors, 'diff') }, () => {
      tellErrors(errors, 'diff');
      return renderDiffs(diffs);
    });
    this.exitWith(exitOfErrors(errors, 'diff'));
  }
}

/** As git prints it, so that it can be applied; with a heading each where there are several. */
function renderDiffs(diffs: readonly AgentDiff[]): string {
  const [only, ...others] = diffs;
  if (only !== undefined && others.length === 0) return only.diff;
  return diffs.map(({ agent, diff }) => `${paint('bold', `── ${agent}`)}\n${diff}`).join('');
}
