import { setTimeout as delay } from 'node:timers/promises';
import { newestEvents } from '../events.ts';
import { clearOurs } from './clear.ts';
import { holding } from './holds.ts';
import { dialogOf, guardOf, lost, PACE, type Sight, see } from './sight.ts';
import { answerTrust } from './trust.ts';
import type { DeliveryRequest } from './types.ts';

/** Why nothing may be typed right now. `final`: waiting won't help. */
interface Obstacle {
  readonly reason: string;
  readonly final: boolean;
}

/** Milliseconds that a turn gets to end after its CLI's keys for that, before they are pressed again. */
const INTERRUPT_PACE = 900;
const MOST_INTERRUPTS = 3;
/** What ends a turn in the agent CLIs that say nothing else. */
const ESCAPE: readonly string[] = ['Escape'];

/** Shells whose prompt is a line editor: before that reads, they still run their start-up files. */
const EDITING_SHELL = /^-?(?:bash|zsh|fish|ksh|mksh)$/;

/** `final`: waiting longer would not have helped. */
export type Able = { readonly able: Sight } | { readonly able: null; readonly reason: string; readonly final: boolean };

/**
 * Waits until the agent can take a prompt: two looks in a row that both say so, for as long as its CLI is known to show
 * its box before it asks something. Answers why not when the time is up.
 */
export async function waitUntilAble(request: DeliveryRequest): Promise<Able> {
  const end = performance.now() + request.timeoutMs;
  const answered = new Map<string, number>();
  const interrupt = { pressed: 0, at: 0 };
  let since: number | null = null;
  for (;;) {
    const seen = await see(request);
    const obstacle = obstacleOf(request, seen);
    const calm = since !== null && performance.now() - since >= (request.cli.calmMs ?? 0);
    if (obstacle === null && calm && seen !== null) return { able: seen };
    if (obstacle !== null && (obstacle.final || performance.now() >= end)) return { able: null, ...obstacle };
    since = obstacle === null ? (since ?? performance.now()) : null;
    if (seen !== null && request.dialogsTrust === 'accept') await answerTrust(request, seen, answered);
    if (seen !== null && request.mode === 'interrupt') {
      await interruptTurn(request, seen, interrupt);
      if (interrupt.pressed > 0) await dropRestored(request, seen);
    }
    await delay(PACE);
  }
}

function obstacleOf(request: DeliveryRequest, seen: Sight | null): Obstacle | null {
  const gone = lost(request, seen);
  if (gone !== null || seen === null) return { reason: gone ?? '', final: true };
  const reason = busyWith(request, seen);
  return reason === null ? null : { reason, final: false };
}

function busyWith({ cli, mode }: DeliveryRequest, { facts, look, screen, lineEditor }: Sight): string | null {
  if (facts.inMode) return 'somebody scrolls in its window (copy mode)';
  if (facts.inputOff) return 'input to its window is switched off';
  const dialog = dialogOf(look);
  if (dialog !== null) return `it waits for an answer: ${dialog}`;
  if (screen.foregroundIsAgent === false) return `another program (${facts.currentCommand}) has its terminal`;
  if (look.state === 'starting') return `it is not ready yet: ${look.reason}`;
  const { draft } = look.input;
  if (look.state === 'busy' && mode === 'interrupt' && cli.interrupt?.length === 0)
    return `it is working, and how ${cli.title} is interrupted is not known: ${look.reason}`;
  if (look.state === 'busy' && mode !== 'now') return `it is working: ${look.reason}`;
  if (look.state === 'busy' && draft === null) return `it is working and shows no input box: ${look.reason}`;
  if (look.state === 'unknown') return `whether it is ready can't be told: ${look.reason}`;
  if (draft !== null && draft !== '') return `a draft is in its input box: ${shortened(draft)}`;
  if (cli.needsDraftGuard && draft === null) return `its input box is not to be seen: ${look.reason}`;
  if (look.state === 'error' && draft === null) return look.reason;
  if (cli.paste === 'line' && lineEditor === false && EDITING_SHELL.test(facts.currentCommand)) {
    return 'its shell does not read commands yet';
  }
  return null;
}

function shortened(draft: string): string {
  const line = draft.replace(/\s+/gu, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/** Presses what ends a turn while one runs; never into a dialog, where it would be an answer, nor without a turn, where some CLIs open a menu. */
async function interruptTurn(
  request: DeliveryRequest,
  seen: Sight,
  interrupt: { pressed: number; at: number },
): Promise<void> {
  const names = request.cli.interrupt ?? ESCAPE;
  const turn =
    names.length > 0 && seen.look.state === 'busy' && dialogOf(seen.look) === null && lost(request, seen) === null;
  if (!turn || interrupt.pressed >= MOST_INTERRUPTS || performance.now() < interrupt.at + INTERRUPT_PACE) return;
  const { refused } = await request.tmux.keys(request.pane, guardOf(request, seen), names);
  if (refused !== null) return;
  interrupt.pressed += 1;
  interrupt.at = performance.now();
}

/** An interrupted prompt that its CLI puts back into its box is nobody's draft. One that a person has changed is. */
async function dropRestored(request: DeliveryRequest, seen: Sight): Promise<void> {
  const { draft } = seen.look.input;
  if (seen.look.state === 'busy' || draft === null || draft === '') return;
  const prompt = await lastPrompt(request);
  if (prompt !== null && holding(draft, prompt) === 'all') await clearOurs(request, prompt);
}

/** The prompt that the agent's own hook told of last. */
async function lastPrompt({ cli, spoolDir }: DeliveryRequest): Promise<string | null> {
  for await (const { event, payload } of newestEvents(spoolDir)) {
    const prompt = cli.events(event, payload)?.prompt ?? null;
    if (prompt !== null) return prompt;
  }
  return null;
}
