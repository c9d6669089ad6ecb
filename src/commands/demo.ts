import { Flags } from '@oclif/core';
import { runDemo } from '../agents/demo/demo.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { demoDoor, exitOfDemo, renderDemo, toDemoDocument } from '../cli/demo.ts';

export default class Demo extends SwarmCommand {
  static override summary = 'See three agents do real work in a scratch repository; needs no agent CLI and no key.';
  static override description =
    'Makes a repository in a temporary folder, spawns three scripted agents in it, has their prompts typed in, checks what they commit, and removes everything again. Your own repositories, agents and tmux sessions are not touched.';
  static override flags = {
    keep: Flags.boolean({ description: 'Leave everything there, and say how to look around.' }),
  };
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --keep',
    '<%= config.bin %> demo --json',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Demo);
    const result = await runDemo(demoDoor(), { keep: flags.keep });
    this.answer(toDemoDocument(result), () => renderDemo(result));
    this.exitWith(exitOfDemo(result));
  }
}
