import { SwarmCommand } from '../cli/base-command.ts';
import { complete } from '../cli/completion.ts';
import { printText } from '../cli/output.ts';

/** What the completion scripts ask: `swarm __complete -- WORDS..`, the last word being typed. */
export default class Complete extends SwarmCommand {
  static override summary = 'Candidates for the last of the words after --, one a line: the word, a tab, what it is.';
  static override hidden = true;
  static override strict = false;

  override async run(): Promise<void> {
    await this.parse(Complete);
    const words = this.argv.slice(this.argv.indexOf('--') + 1);
    const found = await complete(words, process.cwd());
    printText(found.map(({ value, description }) => `${value}\t${description}\n`).join(''));
  }

  /** Somebody is typing: an error would land in the middle of their line. */
  protected override async catch(): Promise<void> {}
}
