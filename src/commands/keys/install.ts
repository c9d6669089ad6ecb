import { Flags } from '@oclif/core';
import { installKeys } from '../../agents/keys/install.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderInstalled } from '../../cli/keys.ts';
import { fileFlag, statusFlag } from '../../cli/keys-flags.ts';

export default class KeysInstall extends SwarmCommand {
  static override summary = 'Bind keys in tmux, and show the states in its status line.';
  static override description =
    'Adds a marked block to your tmux configuration (~/.tmux.conf, or the one that tmux reads in its place) and tells a running tmux. ' +
    'Run again, it brings the block up to date. A key that you have bound already is said and left alone. ' +
    'Other keys: keys: { tmux.popup: G, tmux.last: none } in your config.';
  static override flags = {
    file: fileFlag,
    status: statusFlag,
    force: Flags.boolean({
      description: 'Take keys that are taken, and give up what was changed in the block by hand.',
    }),
  };
  static override examples = ['<%= config.bin %> keys install', '<%= config.bin %> keys install --no-status'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(KeysInstall);
    const { status, force, file = null } = flags;
    const keys = await installKeys({ cwd: flags.cd, env: process.env, file, status, force });
    this.answer({ keys }, () => renderInstalled(keys));
  }
}
