import { Command, Flags } from '@oclif/core';
import { exit } from '../lib/errors.ts';
import { renderError, toErrorDocument } from './errors.ts';
import { printJson, printText } from './output.ts';

/** What every command shares: `--json`, `-C`, the way an answer is printed and an error is shown. */
export abstract class SwarmCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'Print one JSON document.', helpGroup: 'GLOBAL' }),
    cd: Flags.string({
      char: 'C',
      description: 'Run as if started in DIR.',
      helpValue: 'DIR',
      default: async () => process.cwd(),
      defaultHelp: async () => undefined,
      helpGroup: 'GLOBAL',
    }),
  };

  /** Whether the user asked for JSON; known even when parsing failed. */
  protected get wantsJson(): boolean {
    const end = this.argv.indexOf('--');
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes('--json');
  }

  /** Prints the answer: the document with `--json`, else the text. Nothing is printed for an empty text. */
  protected answer(document: Readonly<Record<string, unknown>>, text: () => string): void {
    if (this.wantsJson) printJson(document);
    else printText(text());
  }

  /** The exit code of a command that answered, when it isn't 0. */
  protected exitWith(code: number): void {
    if (code !== exit.done) process.exitCode = code;
  }

  protected override async catch(error: Error): Promise<void> {
    const { code, document } = toErrorDocument(error, this.id ?? '');
    if (this.wantsJson) printJson({ error: document });
    else process.stderr.write(renderError(error, this.id ?? ''));
    process.exitCode = code;
  }
}
