import { Args } from '@oclif/core';
import { SwarmCommand } from '../cli/base-command.ts';
import { completionScripts, SHELLS, type Shell } from '../cli/completion-scripts.ts';

export default class Completion extends SwarmCommand {
  static override summary = 'Print a script that lets the Tab key complete swarm: commands, flags, agents, branches.';
  static override args = {
    shell: Args.string({ required: true, options: SHELLS, description: 'bash, zsh or fish.' }),
  };
  static override examples = [
    { description: 'in ~/.bashrc', command: 'eval "$(<%= config.bin %> completion bash)"' },
    { description: 'in ~/.zshrc, after compinit', command: 'eval "$(<%= config.bin %> completion zsh)"' },
    { description: 'in ~/.config/fish/config.fish', command: '<%= config.bin %> completion fish | source' },
  ];

  override async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const script = completionScripts[args.shell as Shell];
    this.answer({ shell: args.shell, script }, () => script);
  }
}
