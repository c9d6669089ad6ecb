import { Flags } from '@oclif/core';
import { openEditor } from '../agents/editor.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { inForeground } from '../cli/foreground.ts';
import { exit } from '../lib/errors.ts';

export default class Open extends SwarmCommand {
  static override summary = "Open an agent's worktree in an editor.";
  static override args = { agent: agentArg };
  static override flags = {
    editor: Flags.string({ description: 'Its program [$SWARM_EDITOR, $VISUAL, $EDITOR, or what is installed].' }),
  };
  static override examples = ['<%= config.bin %> open worker-1', '<%= config.bin %> open worker-1 --editor code'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Open);
    const plan = await withAgent(flags.cd, args.agent, (session, row) =>
      openEditor(session, row, flags.editor ?? null),
    );
    if (plan.opened) this.answer({ editor: plan.editor, path: plan.cwd }, () => `${plan.cwd} opened in ${plan.editor}`);
    else this.exitWith((await inForeground(plan.argv, this.wantsJson, plan)) === 0 ? exit.done : exit.failed);
  }
}
