import type { SessionDb } from '../../store/open.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { AgentCli } from '../clis/types.ts';
import type { Delivery } from '../types.ts';

/** `when-idle` waits for the turn to end, `now` types although the agent works (its CLI queues it), `interrupt` ends the turn first. */
export type DeliveryMode = 'when-idle' | 'now' | 'interrupt';

export interface DeliveryRequest {
  readonly db: SessionDb;
  readonly tmux: Tmux;
  readonly cli: AgentCli;
  readonly agentId: string;
  /** Name for people. Default: the last part of `agentDir`. */
  readonly agentName?: string;
  /** The agent's folder in the session's state. */
  readonly agentDir: string;
  readonly pane: string;
  /** The process that the pane must run: what has taken its place is never typed into. */
  readonly pid: number;
  readonly text: string;
  /** Leave out the adapter's guard. Control sequences go in any case. */
  readonly raw: boolean;
  readonly mode: DeliveryMode;
  /** Milliseconds to wait for the agent to be able. Typing and proof have limits of their own. */
  readonly timeoutMs: number;
  /** Where the agent's own hooks report. */
  readonly spoolDir: string;
  /** `accept`: answer the CLI's own trust and onboarding questions. */
  readonly dialogsTrust: 'ask' | 'accept';
  /** A supervisor keeps watch: what can't be typed in time waits for it, rather than fail. */
  readonly queue: boolean;
}

/** What became of an attempt. */
export type Outcome = Pick<Delivery, 'state' | 'evidence' | 'reason' | 'attempts'>;

export const failed = (reason: string, attempts = 0): Outcome => ({
  state: 'failed',
  evidence: null,
  reason,
  attempts,
});

/** Nothing was typed, and the agent lives: it can be tried again. */
export const queued = (reason: string): Outcome => ({ ...failed(reason), state: 'queued' });

export const unknown = (reason: string, attempts: number): Outcome => ({
  state: 'unknown',
  evidence: null,
  reason,
  attempts,
});

export const delivered = (evidence: 'hook' | 'screen', attempts: number): Outcome => ({
  state: 'delivered',
  evidence,
  reason: null,
  attempts,
});
