import { statSync } from 'node:fs';
import type { PaneFacts, PaneSnapshot } from '../tmux/panes.ts';
import { type HookEvidence, SHELF } from './evidence.ts';
import type { Ask } from './question.ts';
import type { Look, Screen } from './screen.ts';
import type { Shown } from './steady.ts';

/** A folder's time of change has the kernel's clock tick for a grain: what changed this lately may change again unseen. */
const TICK = 100;

interface Read {
  readonly shot: PaneSnapshot;
  readonly screen: Screen;
  readonly look: Look | null;
}

/**
 * What was seen last, for programs that look again and again: panes that wrote nothing are not captured again, screens
 * that show the same are not read again, and spools in which nothing arrived are not listed again.
 */
export class Memory {
  readonly #read = new Map<string, Read>();
  /** The last hook that told a state, and what the hooks of this turn say the agent is about to do. */
  readonly hooks = new Heard<HookEvidence | null>();
  readonly asks = new Heard<readonly Ask[]>();
  /** Since when each agent's evidence has said the same, by the agent's id. */
  readonly shown = new Map<string, Shown>();

  /** Forgets the screens of all panes but these: whoever watches for weeks sees many come and go. */
  keepOnly(panes: readonly PaneFacts[]): void {
    for (const pane of this.#read.keys()) if (!panes.some((one) => one.pane === pane)) this.#read.delete(pane);
  }

  /**
   * The last capture of a pane in which nothing has happened since; null when it must be captured: tmux tells only to the
   * second when a window last wrote, and it may have written again within that.
   */
  shotOf(pane: PaneFacts, now: number): PaneSnapshot | null {
    const last = this.#read.get(pane.pane)?.shot;
    if (last === undefined || now - pane.activity < SHELF.grain) return null;
    const { text, ...facts } = last;
    return sameFacts(facts, pane) ? { ...pane, text } : null;
  }

  /** The same capture's reading; null when the screen, or what is known of its terminal, is another one. */
  readingOf(shot: PaneSnapshot, meta: Partial<Screen>): { readonly screen: Screen; readonly look: Look | null } | null {
    const last = this.#same(shot, meta.foregroundIsAgent ?? null);
    return last !== null && last.screen.lineEditor === (meta.lineEditor ?? null) ? last : null;
  }

  /**
   * How the terminal read keys when nothing had been written since, and the same program had it: that costs a process
   * to ask. Undefined: it must be asked again.
   */
  lineEditorOf(shot: PaneSnapshot, foreground: boolean | null, now: number): boolean | null | undefined {
    return now - shot.activity < SHELF.grain ? undefined : this.#same(shot, foreground)?.screen.lineEditor;
  }

  #same(shot: PaneSnapshot, foreground: boolean | null): Read | null {
    const last = this.#read.get(shot.pane);
    const same = last !== undefined && last.shot.text === shot.text && sameFacts(last.shot, shot);
    return same && last.screen.foregroundIsAgent === foreground ? last : null;
  }

  keep(shot: PaneSnapshot, screen: Screen, look: Look | null): void {
    this.#read.set(shot.pane, { shot, screen, look });
  }
}

/** What an agent's spool said last, read again only when something has arrived there. */
class Heard<T> {
  readonly #known = new Map<string, { readonly changed: bigint; readonly since: string; readonly said: T }>();

  /** `since` (ISO 8601): what was reported before does not count. */
  async of(spool: string, since: string, listen: () => Promise<T>): Promise<T> {
    const changed = statSync(spool, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
    const known = this.#known.get(spool);
    if (known !== undefined && known.changed === changed && known.since === since) return known.said;
    const settled = Date.now() - Number(changed / 1_000_000n) > TICK;
    const said = await listen();
    if (settled) this.#known.set(spool, { changed, since, said });
    else this.#known.delete(spool);
    return said;
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
