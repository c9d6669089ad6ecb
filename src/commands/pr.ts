import { Flags } from '@oclif/core';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { requireLeader } from '../cli/leader.ts';
import { narrate } from '../cli/output.ts';
import { edited, exitOfPull, renderPull } from '../cli/pr.ts';
import { readTextFile } from '../cli/text-input.ts';
import { shellWord } from '../lib/text.ts';
import { commandsOf, openPull, planPull } from '../merge/pull-request.ts';

export default class PrCommand extends SwarmCommand {
  static override summary =
    "Push an agent's branch and open a pull request, or print the commands where gh is missing.";
  static override description =
    'Title and body come from its tasks and commits. Run again, it pushes what is new. Never pushes by force.';
  static override args = { agent: agentArg };
  static override flags = {
    title: Flags.string({ char: 't', description: 'Else that of the task, or of the commits.' }),
    body: Flags.string({ char: 'b', description: 'Else from the tasks and commits.', exclusive: ['body-file'] }),
    'body-file': Flags.string({
      char: 'F',
      description: 'The body, from a file; - is standard input.',
      helpValue: 'FILE',
    }),
    edit: Flags.boolean({ char: 'e', description: 'Edit title and body first, in $EDITOR.' }),
    into: Flags.string({
      description: 'The branch that it is to go to; else merge.into, or where it started.',
      helpValue: 'BRANCH',
    }),
    remote: Flags.string({ description: 'Where to push; else as git would, or origin.', helpValue: 'NAME' }),
    draft: Flags.boolean({ description: 'Open it as a draft.' }),
    now: Flags.boolean({ description: 'Also while the agent works, with what is committed.' }),
    'dry-run': Flags.boolean({ description: 'Say what would be opened.' }),
  };
  static override examples = [
    '<%= config.bin %> pr worker-1 --edit',
    '<%= config.bin %> pr ticket-42 --draft --dry-run',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(PrCommand);
    const { title = null, into = null, remote = null, draft = false, now = false } = flags;
    const file = flags['body-file'];
    const body =
      file === undefined
        ? (flags.body ?? null)
        : readTextFile(file, flags.cd, `swarm pr ${shellWord(args.agent)} --body-file body.md`);
    const pull = await withAgent(flags.cd, args.agent, async (session, row) => {
      await requireLeader(session, "propose others' work", row);
      const first = await planPull(session, row, { title, body, into, remote, draft, now });
      const plan = flags.edit ? await edited(first, this.wantsJson, session.env) : first;
      if (flags['dry-run']) return { ...plan, state: 'planned' as const, url: null, commands: commandsOf(plan) };
      this.working('pushing');
      return openPull(session, row, plan);
    });
    if (pull.state === 'commands') narrate('gh is not on the PATH, and nothing was pushed. By hand:');
    this.answer({ pull }, () => renderPull(pull));
    this.exitWith(exitOfPull(pull));
  }
}
