import { statSync } from 'node:fs';
import type { PaneFacts, PaneSnapshot } from '../tmux/panes.ts';
import type { Look, Screen } from './screen.ts';
import type { HookEvidence } from './status.ts';

/** tmux tells when a window last wrote only to the second: what wrote this lately may have written again since. */
const GRAIN = 2000;

/** A folder's time of change has the kernel's clock tick for a grain: what changed this lately may change again unseen. */
const TICK = 100;

interface Read {
  readonly shot: PaneSnapshot;
  readonly screen: Screen;
  readonly look: Look | null;
}

interface Heard {
  readonly changed: bigint;
  readonly since: string;
  readonly hook: HookEvidence | null;
}

/**
 * What was seen last, for programs that look again and again: panes that wrote nothing are not captured again, screens
 * that show the same are not read again, and spools in which nothing arrived are not listed again.
 */
export class Memory {
  readonly #read = new Map<string, Read>();
  readonly #heard = new Map<string, Heard>();

  /** The last capture of a pane in which nothing has happened since; null when it must be captured. */
  shotOf(pane: PaneFacts, now: number): PaneSnapshot | null {
    const last = this.#read.get(pane.pane)?.shot;
    if (last === undefined || now - pane.activity < GRAIN) return null;
    const { text, ...facts } = last;
    return sameFacts(facts, pane) ? { ...pane, text } : null;
  }

  /** The same capture's reading; null when the screen, or what is known of its terminal, is another one. */
  readingOf(shot: PaneSnapshot, meta: Partial<Screen>): { readonly screen: Screen; readonly look: Look | null } | null {
    const last = this.#read.get(shot.pane);
    if (last === undefined || last.shot.text !== shot.text || !sameFacts(last.shot, shot)) return null;
    const { screen, look } = last;
    const same = screen.foregroundIsAgent === (meta.foregroundIsAgent ?? null);
    return same && screen.lineEditor === (meta.lineEditor ?? null) ? { screen, look } : null;
  }

  keep(shot: PaneSnapshot, screen: Screen, look: Look | null): void {
    this.#read.set(shot.pane, { shot, screen, look });
  }

  /** The last hook as it was heard, while nothing new has arrived in the spool; else what `listen` hears. */
  async hook(spool: string, since: string, listen: () => Promise<HookEvidence | null>): Promise<HookEvidence | null> {
    const changed = statSync(spool, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
    const known = this.#heard.get(spool);
    if (known !== undefined && known.changed === changed && known.since === since) return known.hook;
    const settled = Date.now() - Number(changed / 1_000_000n) > TICK;
    const hook = await listen();
    if (settled) this.#heard.set(spool, { changed, since, hook });
    else this.#heard.delete(spool);
    return hook;
  }
}

/** All that tmux tells of a pane but how many look at it, and where it runs. */
function sameFacts(a: PaneFacts, b: PaneFacts): boolean {
  return (
    a.agentId === b.agentId &&
    a.pid === b.pid &&
    a.dead === b.dead &&
    a.deadStatus === b.deadStatus &&
    a.deadSignal === b.deadSignal &&
    a.width === b.width &&
    a.height === b.height &&
    a.cursor.x === b.cursor.x &&
    a.cursor.y === b.cursor.y &&
    a.alternate === b.alternate &&
    a.activity === b.activity &&
    a.title === b.title
  );
}
