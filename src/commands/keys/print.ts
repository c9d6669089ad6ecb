import { previewKeys } from '../../agents/keys/install.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { fileFlag, statusFlag } from '../../cli/keys-flags.ts';

export default class KeysPrint extends SwarmCommand {
  static override summary = 'Print the lines that bind the keys, for a tmux configuration kept by hand.';
  static override flags = { file: fileFlag, status: statusFlag };
  static override examples = [
    '<%= config.bin %> keys print',
    '<%= config.bin %> keys print | tmux source-file -',
    '<%= config.bin %> keys print --json',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(KeysPrint);
    const { status, file = null } = flags;
    const keys = await previewKeys({ cwd: flags.cd, env: process.env, file, status, force: false });
    this.answer({ keys }, () => keys.lines.join('\n'));
  }
}
