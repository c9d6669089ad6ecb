import { Flags } from '@oclif/core';
import { removeKeys } from '../../agents/keys/install.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderRemoved } from '../../cli/keys.ts';
import { fileFlag } from '../../cli/keys-flags.ts';

export default class KeysRemove extends SwarmCommand {
  static override summary = 'Take the block out of the tmux configuration, and the keys out of a running tmux.';
  static override description = 'The file is then, byte for byte, what it was without the block.';
  static override flags = {
    file: fileFlag,
    force: Flags.boolean({ description: 'Also a block that was changed by hand.' }),
  };
  static override examples = ['<%= config.bin %> keys remove'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(KeysRemove);
    const { force, file = null } = flags;
    const keys = await removeKeys({ cwd: flags.cd, env: process.env, file, status: false, force });
    this.answer({ keys }, () => renderRemoved(keys));
  }
}
