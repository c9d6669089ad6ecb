import { setTimeout as delay } from 'node:timers/promises';
import type { Live, LiveTeam } from '../../agents/live.ts';
import type { Screen } from '../../agents/screen.ts';
import { frameOf } from '../frame.ts';
import type { Model } from '../state.ts';
import type { Store } from './store.ts';

/** Milliseconds between two looks at the team, and at the screen that is shown: often while it changes, else seldom. */
const TEAM = 1000;
const QUICK = 80;
const SLOW = 1000;

/** Looks that a screen may stay the same before it is looked at more seldom. */
const GROWTH = 1.5;

/** Keeps the model at what is: the team, the screen in view, the time. */
export class Watch {
  readonly #live: Live;
  readonly #store: Store;
  #team = '';
  #agents: LiveTeam['agents'] | null = null;
  #restored: string | null = null;
  #screen = '';
  #pace = QUICK;
  #teamTimer: NodeJS.Timeout | null = null;
  #screenTimer: NodeJS.Timeout | null = null;
  #clock: NodeJS.Timeout | null = null;
  #shown: string | null = null;
  #looking = false;
  #lookingAtTeam = false;
  #again = false;
  #over = false;

  constructor(live: Live, store: Store) {
    this.#live = live;
    this.#store = store;
  }

  /** Looks at the team before anything is drawn, for `patience` milliseconds at most: one frame with it, not two. */
  async begin(patience: number): Promise<void> {
    await Promise.race([this.#lookAtTeam(), delay(patience, undefined, { ref: false })]);
  }

  start(): void {
    this.#over = false;
    this.#clock = setInterval(() => this.#store.dispatch({ type: 'tick', now: Date.now() }), 1000);
    if (this.#teamTimer === null && !this.#lookingAtTeam) void this.#lookAtTeam();
    void this.#lookAtScreen();
  }

  stop(): void {
    this.#over = true;
    for (const timer of [this.#teamTimer, this.#screenTimer]) if (timer !== null) clearTimeout(timer);
    this.#teamTimer = null;
    if (this.#clock !== null) clearInterval(this.#clock);
  }

  /** The model changed, or something was done: another screen may be in view, and it may change soon. */
  hurry(team: boolean): void {
    if (this.#over) return;
    this.#pace = QUICK;
    this.#again = true;
    if (!this.#looking) {
      if (this.#screenTimer !== null) clearTimeout(this.#screenTimer);
      void this.#lookAtScreen();
    }
    if (!team || this.#teamTimer === null) return;
    clearTimeout(this.#teamTimer);
    void this.#lookAtTeam();
  }

  /** Whether another agent's screen has come into view since the last look. */
  moved(): boolean {
    return inView(this.#store.model()) !== this.#shown;
  }

  async #lookAtTeam(): Promise<void> {
    this.#teamTimer = null;
    this.#lookingAtTeam = true;
    try {
      this.#show(await this.#live.look());
    } catch (error) {
      this.#fail(error);
    }
    this.#lookingAtTeam = false;
    if (!this.#over) this.#teamTimer = setTimeout(() => void this.#lookAtTeam(), TEAM);
  }

  #show(team: LiveTeam): void {
    this.#tellRestored(team);
    if (team.agents === this.#agents) return;
    this.#agents = team.agents;
    const now = JSON.stringify(team.agents, (key, value: unknown) => (key === 'at' ? null : value));
    if (now === this.#team || this.#over) return;
    this.#team = now;
    this.#store.dispatch({ type: 'team', agents: team.agents, now: Date.now() });
  }

  /** Once for each time that it happened. */
  #tellRestored({ restored }: LiveTeam): void {
    if (restored === null || restored.at === this.#restored || this.#over) return;
    this.#restored = restored.at;
    const message = `The database was damaged, and is back as of ${restored.backedUpAt}.`;
    this.#store.dispatch({ type: 'notice', notice: { level: 'error', message, hint: 'swarm log --type database' } });
  }

  async #lookAtScreen(): Promise<void> {
    this.#looking = true;
    this.#again = false;
    const id = inView(this.#store.model());
    this.#shown = id;
    try {
      if (id !== null) this.#showScreen(id, await this.#live.screen(id));
    } catch (error) {
      this.#fail(error);
    }
    this.#looking = false;
    if (this.#over) return;
    const wait = this.#again && this.moved() ? 0 : this.#pace;
    this.#screenTimer = setTimeout(() => void this.#lookAtScreen(), wait);
  }

  #showScreen(agent: string, screen: Screen | null): void {
    const { cursor, styled } = screen ?? { cursor: null, styled: null };
    const now = JSON.stringify([agent, cursor, styled]);
    const same = now === this.#screen;
    this.#pace = same ? Math.min(SLOW, this.#pace * GROWTH) : QUICK;
    this.#screen = now;
    if (!same && !this.#over) this.#store.dispatch({ type: 'screen', agent, screen });
  }

  /** A look that fails is tried again; the last one stands until then, and the person is told once. */
  #fail(error: unknown): void {
    if (this.#over) return;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#store.model().notice?.message === message) return;
    this.#store.dispatch({ type: 'notice', notice: { level: 'error', message, hint: null } });
  }
}

/** The agent whose screen is in view; null when no screen is. */
function inView(model: Model): string | null {
  if (model.board.open || model.tab !== 'screen' || model.mode.kind === 'help' || frameOf(model).pane === null)
    return null;
  return model.selected;
}
