import { linesOf, scriptTexts } from './commands.ts';
import type { ConsentItem } from './consent.ts';
import type { Script } from './scripts.ts';

/**
 * Commands that may run: made by `requireConsent` alone, so that nothing else can be handed to what runs them. Its texts
 * are those that were approved, also when the config changes between the check and the run.
 */
export class ApprovedCommands {
  // Makes the type nominal: an object of the same shape is none.
  readonly #items: ReadonlyMap<string, ConsentItem>;
  readonly #checksScripts: boolean;

  private constructor(items: readonly ConsentItem[], checksScripts: boolean) {
    this.#items = new Map(items.map((item) => [item.key, structuredClone(item)]));
    this.#checksScripts = checksScripts;
    Object.freeze(this);
  }

  /** For `requireConsent` only. */
  static of(items: readonly ConsentItem[], checksScripts: boolean): ApprovedCommands {
    return new ApprovedCommands(items, checksScripts);
  }

  /** Nothing may run: `--no-hooks`. */
  static readonly none: ApprovedCommands = new ApprovedCommands([], true);

  /** The command lines at a key; none when it says nothing or was not asked for. */
  lines(key: string): readonly string[] {
    const item = this.#items.get(key);
    return item === undefined ? [] : linesOf(item.value, key);
  }

  /** What a key holds, as it was approved: an argv, a map of variables, a command line. */
  value(key: string): ConsentItem['value'] | null {
    return structuredClone(this.#items.get(key)?.value ?? null);
  }

  /** The same, as texts in which scripts are looked for. */
  texts(key: string): readonly string[] {
    const item = this.#items.get(key);
    return item === undefined ? [] : scriptTexts(item);
  }

  /**
   * The scripts that consent was given to along with a key, which must be the same when they run. Null: whatever is there
   * may run, since the key comes from a trusted file, or `--yes` agreed to it.
   */
  scripts(key: string): readonly Script[] | null {
    const item = this.#items.get(key);
    return item === undefined || item.source.trusted || !this.#checksScripts ? null : item.scripts;
  }
}
