import type { Ability } from '../profiles/types.ts';
import type { Stage } from '../stage.ts';

/** Looks whether swarm and the agent CLI have an ability together. Answers with what the reader should know of it. @throws Wrong */
export interface Check {
  readonly ability: Ability;
  run(stage: Stage): Promise<string | undefined> | Promise<void>;
  /** The agent must rest in its box before it; default: yes. */
  readonly rested?: false;
}

/** The agent with which all but the first dialogs are certified. */
export const AGENT = 'main';
