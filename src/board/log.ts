import type { SessionDb } from '../store/open.ts';

/** One line of history. */
export interface LogEvent {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** Name, at that time, of who did it or of whom it is about; null for what is the session's. */
  readonly agent: string | null;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LogFilter {
  /** Only later ones than this id. */
  readonly after?: number;
  /** Only from this time on, ISO 8601. */
  readonly since?: string | null;
  /** Only under these names; null for all. */
  readonly names?: readonly string[] | null;
  /** Only of these types; `task` means `task-done`, too. Null for all. */
  readonly types?: readonly string[] | null;
  /** Only so many, the last ones. */
  readonly most?: number;
}

/** What is in the history, the oldest first. */
export async function readEvents(db: SessionDb, filter: LogFilter): Promise<LogEvent[]> {
  const { after, since, names, types, most } = filter;
  let query = db.selectFrom('events').selectAll();
  if (after !== undefined) query = query.where('id', '>', after);
  if (since) query = query.where('at', '>=', since);
  if (names) query = query.where('agent', 'in', [...names]);
  if (types)
    query = query.where((eb) =>
      eb.or(types.flatMap((type) => [eb('type', '=', type), eb('type', 'like', `${type.replaceAll(/[%_]/g, '')}-%`)])),
    );
  query = query.orderBy('id', 'desc');
  const rows = await (most === undefined ? query : query.limit(most)).execute();
  return rows.toReversed().map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) }));
}

/** The id of the last event; 0 before the first. */
export async function lastEventId(db: SessionDb): Promise<number> {
  const last = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return last?.id ?? 0;
}

/** The name and the former ones of who bears it now. */
export async function formerNames(db: SessionDb, name: string): Promise<string[]> {
  const renames = await readEvents(db, { types: ['renamed'] });
  const names = [name];
  for (const { agent, data } of renames.toReversed()) {
    if (agent === names.at(-1) && typeof data['from'] === 'string') names.push(data['from']);
  }
  return names;
}
