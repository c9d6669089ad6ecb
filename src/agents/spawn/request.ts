import type { PullHead } from '../../workspace/pulls.ts';
import type { AskConsent } from '../consent.ts';
import type { Agent, Delivery } from '../types.ts';
import { PLAIN_ROLE } from './role.ts';

/** What `swarm spawn` was asked for. */
export interface SpawnRequest {
  readonly tickets: readonly string[];
  /** Whether `tickets.command` tells of them: what it says goes before the prompt. */
  readonly ticketText: boolean;
  /** Agent CLIs and how many of each, per ticket. */
  readonly crew: readonly { readonly cli: string; readonly count: number }[];
  readonly prompt: string | null;
  readonly name: string | null;
  /** What it is for: what tasks may ask for, and `leader` with a leader's rights. */
  readonly role: string;
  readonly model: string | null;
  readonly base: string | null;
  readonly branch: string | null;
  /** The pull request that the work goes on from; null for none. */
  readonly pull: PullHead | null;
  /** Names of ports beyond those of the config. */
  readonly ports: readonly string[];
  readonly copy: boolean;
  readonly hooks: boolean;
  /** Consent for this run only. */
  readonly yes: boolean;
  /** The worktree whose uncommitted work comes along; null for none. */
  readonly changesFrom: string | null;
  readonly another: boolean;
  /** The task on the board that it is made for, and claims; null for none. */
  readonly task: string | null;
  /** The supervisor makes it, and lets it go. */
  readonly added: boolean;
  /** Passed to the agent CLI. */
  readonly args: readonly string[];
  readonly wait: 'window' | 'delivered' | 'turn';
  /** Milliseconds that the agent gets to become able to take its prompt. */
  readonly timeout: number;
  /** The words behind `swarm spawn`, for hints; empty where something else asked. */
  readonly typed: readonly string[];
}

/** A spawn that asks for nothing in particular. */
export const PLAIN_SPAWN: Omit<SpawnRequest, 'tickets' | 'crew'> = {
  ticketText: true,
  prompt: null,
  name: null,
  role: PLAIN_ROLE,
  model: null,
  base: null,
  branch: null,
  pull: null,
  ports: [],
  copy: true,
  hooks: true,
  yes: false,
  changesFrom: null,
  another: false,
  task: null,
  added: false,
  args: [],
  wait: 'window',
  timeout: 0,
  typed: [],
};

/** How the front door answers and listens. */
export interface SpawnDoor {
  readonly ask: AskConsent;
  /** Narration: one line without a newline. */
  readonly tell: (line: string) => void;
}

/** One agent to be made. */
export interface SpawnJob {
  readonly ticket: string | null;
  readonly cli: string;
  /** Others of this call have the ticket too: each gets the next free branch name. */
  readonly shared: boolean;
  /** The prompt of this agent: the ticket's text, then the person's. */
  readonly prompt: string | null;
}

export interface SpawnResult {
  readonly agents: readonly Agent[];
  readonly deliveries: readonly Delivery[];
  readonly errors: readonly SpawnFailure[];
}

/** A job that failed, with what was thrown. */
export interface SpawnFailure {
  readonly ticket: string | null;
  readonly error: Error;
}
