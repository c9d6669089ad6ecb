import { Args } from '@oclif/core';
import { isPressed, PRESSED, pressKey } from '../agents/keys/press.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { ASKED, askAndRun } from '../cli/keys.ts';

export default class Key extends SwarmCommand {
  static override hidden = true;
  static override summary = 'What a key of tmux does: out of sight, or in a popup that asks for a text.';
  static override args = { action: Args.string({ required: true, options: [...PRESSED, ...ASKED] }) };

  override async run(): Promise<void> {
    const { args } = await this.parse(Key);
    // Out of sight, what goes wrong is a message; tmux would show a code that isn't 0 in its place.
    if (isPressed(args.action)) await pressKey(args.action, process.env);
    else this.exitWith(await askAndRun(args.action === 'send' ? 'send' : 'spawn', process.env));
  }
}
