import { afterEach, beforeEach } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { enter, guest, type Participant } from '../../src/board/participants.ts';
import { openSessionDb } from '../../src/store/open.ts';
import type { World } from '../support/world.ts';

export const stateOf = (world: World) => `${world.repo}/.git/swarm`;

/** Opens a board as any process of the session would. */
export async function openBoard(stateDir: string): Promise<Board> {
  return { db: await openSessionDb(stateDir), stateDir, lease: 60_000 };
}

/** The board of the world's session for each test of the surrounding block. */
export function useBoard(world: World): Board {
  const holder = {} as { -readonly [Key in keyof Board]: Board[Key] };
  beforeEach(async () => {
    Object.assign(holder, await openBoard(stateOf(world)));
  });
  afterEach(() => holder.db.destroy());
  return holder;
}

/** Somebody who joined by name. */
export function join(board: Board, name: string): Promise<Participant> {
  return enter(board, guest(name));
}
