import { BOARD_BELL, listen } from '../../board/bell.ts';
import { readEvents } from '../../board/log.ts';
import type { Session } from '../session.ts';
import { catchUp } from '../tools/catch-up.ts';
import { ToolCallTail } from '../tools/read.ts';
import { agentsIn, inOrder, isWanted, type LogLine, type LogQuery, readLog, toolEntry } from './log.ts';

/** Milliseconds after which is looked without anybody saying that something is new. */
const LOOK = 1000;

/** Shows the history as it is and then what is added to it, each line once, until the signal comes. */
export async function followLog(
  session: Session,
  query: LogQuery,
  signal: AbortSignal,
  show: (lines: readonly LogLine[]) => void,
): Promise<void> {
  const tools = query.tools ? await Tools.open(session, query) : null;
  let { events, last } = await readLog(session, query);
  tools?.skip(events);
  show(events);
  const bell = listen(session.repo, BOARD_BELL, signal);
  while (!signal.aborted) {
    const added = await readEvents(session.db, { after: last, names: query.names, types: query.types });
    last = added.at(-1)?.id ?? last;
    const calls = tools === null ? [] : await tools.news();
    if (added.length + calls.length > 0) show(inOrder([...added, ...calls]));
    await bell.heard(LOOK);
  }
}

/** The tool calls of everybody who is meant, those who come later as well. */
class Tools {
  readonly #session: Session;
  readonly #query: LogQuery;
  readonly #tails = new Map<string, ToolCallTail>();
  /** Lines that were shown already: what was added while the log was read. */
  #shown: ReadonlySet<string> = new Set();

  private constructor(session: Session, query: LogQuery) {
    this.#session = session;
    this.#query = query;
  }

  /** From now on. */
  static async open(session: Session, query: LogQuery): Promise<Tools> {
    const tools = new Tools(session, query);
    const agents = await agentsIn(session, query);
    await catchUp(session, agents);
    for (const agent of agents) tools.#tails.set(agent.id, new ToolCallTail(session, agent, false));
    return tools;
  }

  skip(lines: readonly LogLine[]): void {
    this.#shown = new Set(lines.map(({ data }) => JSON.stringify(data)));
  }

  async news(): Promise<LogLine[]> {
    const agents = await agentsIn(this.#session, this.#query);
    await catchUp(this.#session, agents);
    const lines: LogLine[] = [];
    for (const agent of agents) {
      const tail = this.#tails.get(agent.id) ?? new ToolCallTail(this.#session, agent, true);
      this.#tails.set(agent.id, tail);
      lines.push(...tail.news().map((record) => toolEntry(agent, record)));
    }
    const fresh = lines.filter((line) => isWanted(line, this.#query) && !this.#shown.has(JSON.stringify(line.data)));
    this.#shown = new Set();
    return fresh;
  }
}
