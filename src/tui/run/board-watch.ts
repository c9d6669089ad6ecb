import { setTimeout as delay } from 'node:timers/promises';
import { queuedPrompts, textOf } from '../../agents/deliver/queue.ts';
import { allAgents } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { askedPerson } from '../../board/asked.ts';
import { BOARD_BELL, listen } from '../../board/bell.ts';
import { type Board, boardOf } from '../../board/context.ts';
import { listMessages } from '../../board/messages/receipts.ts';
import { PERSON } from '../../board/participants.ts';
import { readPlan } from '../../board/plan.ts';
import { openQuestions } from '../../board/questions.ts';
import { listParticipants } from '../../board/roster.ts';
import { listTasks } from '../../board/tasks/read.ts';
import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import type { BoardData, QueuedText } from '../board.ts';
import type { Store } from './store.ts';

/** Milliseconds between two reads of a board on which much happens. */
const PACE = 300;
/** Milliseconds between two looks at the prompts that wait, which ring no bell, and after which all is read without one. */
const PROMPTS = 2000;
const ALL = 30_000;
/** Messages that are shown: the newest. */
const MOST = 100;

/** Keeps the model at what is on the board: all of it while it is shown, else only how many questions wait. */
export class BoardWatch {
  readonly #session: Session;
  readonly #board: Board;
  readonly #store: Store;
  readonly #ending = new AbortController();
  #shown = '';

  private constructor(session: Session, store: Store) {
    this.#session = session;
    this.#board = boardOf(session);
    this.#store = store;
  }

  static open(session: Session, store: Store): BoardWatch {
    const watch = new BoardWatch(session, store);
    void watch.#follow();
    return watch;
  }

  close(): void {
    this.#ending.abort();
  }

  /** Reads what is wanted of it now. */
  async read(): Promise<void> {
    if (!this.#store.model().board.open) {
      return this.#count((await askedPerson(this.#board.db)).length);
    }
    const data = await this.#all();
    this.#count(data.questions.filter(({ to }) => to === PERSON.name).length);
    this.#show(data);
  }

  #show(data: BoardData): void {
    const text = JSON.stringify(data);
    if (this.#store.model().board.data !== null && text === this.#shown) return;
    this.#shown = text;
    this.#store.dispatch({ type: 'board', data, now: Date.now() });
  }

  /** Reads only what rings no bell. */
  async #readPrompts(): Promise<void> {
    const { open, data } = this.#store.model().board;
    if (!open || data === null) return;
    const prompts = await this.#prompts();
    if (JSON.stringify(prompts) !== JSON.stringify(data.prompts)) this.#show({ ...data, prompts });
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    const bell = listen(this.#session.repo, BOARD_BELL, signal);
    let rang = true;
    let read = 0;
    while (!signal.aborted) {
      const all = rang || performance.now() - read >= ALL;
      if (all) read = performance.now();
      // What fails is tried again; the last that was read stands until then.
      await (all ? this.read() : this.#readPrompts()).catch((error: unknown) => log('debug', messageOf(error)));
      await delay(PACE, undefined, { signal, ref: false }).catch(() => {});
      rang = await bell.heard(this.#store.model().board.open ? PROMPTS : ALL);
    }
  }

  #count(count: number): void {
    if (this.#store.model().board.asks !== count) this.#store.dispatch({ type: 'asks', count });
  }

  async #all(): Promise<BoardData> {
    const board = this.#board;
    const [plan, questions, tasks, messages, people, prompts] = await Promise.all([
      readPlan(board),
      openQuestions(board),
      listTasks(board),
      listMessages(board, PERSON, { limit: MOST }),
      listParticipants(board),
      this.#prompts(),
    ]);
    const mine = (to: string) => (to === PERSON.name ? 0 : 1);
    const open = new Set(questions.map(({ id }) => id));
    return {
      goal: plan?.goal ?? null,
      questions: questions.toSorted((a, b) => mine(a.to) - mine(b.to)),
      tasks,
      prompts,
      messages: messages.filter(({ id }) => !open.has(id)).reverse(),
      people: people.map(({ id, name }) => ({ id, name })),
    };
  }

  async #prompts(): Promise<QueuedText[]> {
    const [waiting, agents] = await Promise.all([queuedPrompts(this.#session.db), allAgents(this.#session.db)]);
    return waiting.flatMap((prompt) => {
      const row = agents.find(({ id }) => id === prompt.agentId);
      const text = row && textOf(this.#session, row, prompt);
      if (row === undefined || text == null) return [];
      return [{ message: prompt.message, agent: row.id, name: row.name, text, reason: prompt.reason }];
    });
  }
}
