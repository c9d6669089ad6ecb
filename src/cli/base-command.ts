import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Flags } from '@oclif/core';
import { exit, UserError } from '../lib/errors.ts';
import { wantsJson } from './arguments.ts';
import { reportError } from './errors.ts';
import { interruptSignal } from './interrupt.ts';
import { printJson, printText } from './output.ts';
import { type Progress, progress } from './progress.ts';

/** What every command shares: `--json`, `-C`, the way an answer is printed and an error is shown. */
export abstract class SwarmCommand extends Command {
  #progress: Progress | null = null;

  static override baseFlags = {
    json: Flags.boolean({ description: 'Print one JSON document.', helpGroup: 'GLOBAL' }),
    cd: Flags.string({
      char: 'C',
      description: 'Run as if started in DIR.',
      helpValue: 'DIR',
      default: async () => process.cwd(),
      defaultHelp: async () => undefined,
      parse: async (folder) => requireFolder(folder),
      helpGroup: 'GLOBAL',
    }),
  };

  /** Whether the user asked for JSON; known even when parsing failed. */
  protected get wantsJson(): boolean {
    return wantsJson(this.argv);
  }

  /** Aborts on Ctrl-C: for what has something to put in order before the program ends. */
  protected get interrupt(): AbortSignal {
    return interruptSignal();
  }

  /** Prints the answer: the document with `--json`, else the text. Nothing is printed for an empty text. */
  protected answer(document: Readonly<Record<string, unknown>>, text: () => string): void {
    this.#progress?.stop();
    if (this.wantsJson) printJson(document);
    else printText(text());
  }

  /** The same where what makes the text takes its time to load: only where the text is wanted. */
  protected async answerBy(
    document: Readonly<Record<string, unknown>>,
    load: () => Promise<() => string>,
  ): Promise<void> {
    this.answer(document, this.wantsJson ? () => '' : await load());
  }

  /** Says what is going on, once it takes long, until the answer (or the error) is there. */
  protected working(text: string): Progress {
    this.#progress ??= progress(text);
    this.#progress.update(text);
    return this.#progress;
  }

  /** The exit code of a command that answered, when it isn't 0. */
  protected exitWith(code: number): void {
    if (code !== exit.done) process.exitCode = code;
  }

  /** oclif's own start (a version check, a warning for deprecated commands) is not used and would load its help. */
  protected override async init(): Promise<void> {}

  protected override async catch(error: Error): Promise<void> {
    this.#progress?.stop();
    reportError(error, this.id ?? '', this.wantsJson);
  }
}

/** The absolute path of a folder that exists. */
function requireFolder(folder: string): string {
  const path = resolve(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UserError({
    code: 'NO_SUCH_FOLDER',
    exit: exit.usage,
    message: `-C names no folder: ${path}`,
    hint: 'Leave -C out to run in the current folder.',
    details: { path },
  });
}
