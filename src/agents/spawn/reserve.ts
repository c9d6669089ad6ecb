import { existsSync } from 'node:fs';
import type { Repository } from '../../git/repository.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { SessionDb } from '../../store/open.ts';
import type { AgentRow } from '../../store/schema.ts';
import { requireFreeFolder } from '../folders.ts';
import { guestNames, requireNoGuest } from '../guest-names.ts';
import { newAgentRow } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { again } from './again.ts';
import { requireRoom } from './most.ts';
import type { SpawnJob, SpawnRequest } from './request.ts';
import { PLAIN_ROLE } from './role.ts';

/** Milliseconds that other processes may take to choose names and branches. */
export const PLAN_LEASE = 60_000;

/** Key in `meta` of the next N of worker-N. Only ever grows: agent CLIs key their history by folder. */
const NEXT_NUMBER = 'next-number';

/** Names that would be read as something else on the command line, or in the history. */
const RESERVED = /^(?:-|\d+$|(?:person|swarm|files)$)/;

/** Puts the agent on the books under a name that nobody has. Nothing else is made yet. */
export function reserveAgent(
  { db, repo }: Session,
  request: SpawnRequest,
  job: SpawnJob,
  id: string,
): Promise<AgentRow> {
  const { name, role, model, args, hooks, copy, added } = request;
  const options = { noHooks: !hooks, noCopy: !copy, takesTasks: request.task !== null || job.ticket === null, added };
  const hint = name === null ? null : again(request, '--name', `${name}-2`);
  return reserveNamed(db, repo, { id, name, role, model, args, options, ticket: job.ticket, cli: job.cli, hint });
}

export interface ReserveWish {
  readonly id: string;
  /** Null: the next worker-N. */
  readonly name: string | null;
  readonly ticket: string | null;
  readonly cli: string;
  readonly role?: string;
  readonly model?: string | null;
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** What to type when the name is taken. */
  readonly hint?: string | null;
}

/** @throws UserError exit 4 when the name is taken, exit 2 when it is no name. */
export function reserveNamed(db: SessionDb, repo: Repository, wish: ReserveWish): Promise<AgentRow> {
  const { role = PLAIN_ROLE } = wish;
  return db.transaction().execute(async (tx) => {
    // Others may have come since the request was looked at.
    requireRoom((await tx.selectFrom('agents').select('id').execute()).length, 1);
    const name = wish.name === null ? await nextName(tx, repo) : checkName(wish.name);
    const taken = await tx.selectFrom('agents').select('id').where('name', '=', name).executeTakeFirst();
    if (taken) throw nameTaken(name, wish.hint ?? null);
    if (wish.name !== null) await requireNoGuest(tx, name, wish.hint ?? `--name ${name}-2`);
    requireFreeFolder(repo, name);
    const fresh = newAgentRow({
      name,
      number: await takeNumber(tx, name),
      id: wish.id,
      ticket: wish.ticket,
      cli: wish.cli,
      model: wish.model ?? null,
      args: JSON.stringify(wish.args ?? []),
      options: JSON.stringify(wish.options ?? {}),
    });
    const row = { ...fresh, role };
    await tx.insertInto('agents').values(row).execute();
    return row;
  });
}

/** The next worker-N. Another agent may have been renamed so, or report under that name still; a guest may be called so. */
async function nextName(tx: SessionDb, repo: Repository): Promise<string> {
  const names = new Set((await tx.selectFrom('agents').select('name').execute()).map(({ name }) => name));
  const guests = await guestNames(tx);
  const isTaken = (name: string) => names.has(name) || guests.has(name) || existsSync(agentFolder(repo, { name }));
  let number = await readNext(tx);
  while (isTaken(`worker-${number}`)) number++;
  return `worker-${number}`;
}

/** The number of an agent of this name: 9 for `worker-9`, which no later agent then gets; null for any other. */
export async function takeNumber(tx: SessionDb, name: string): Promise<number | null> {
  const match = /^worker-([1-9]\d{0,8})$/.exec(name);
  if (!match) return null;
  const number = Number(match[1]);
  if (number >= (await readNext(tx))) await writeNext(tx, number + 1);
  return number;
}

async function readNext(tx: SessionDb): Promise<number> {
  const kept = await tx.selectFrom('meta').select('value').where('key', '=', NEXT_NUMBER).executeTakeFirst();
  return Number(kept?.value ?? 1);
}

async function writeNext(tx: SessionDb, number: number): Promise<void> {
  const next = { key: NEXT_NUMBER, value: String(number) };
  await tx
    .insertInto('meta')
    .values(next)
    .onConflict((oc) => oc.column('key').doUpdateSet(next))
    .execute();
}

/** An agent's name is also a folder and a word on the command line. */
export function checkName(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name) && !RESERVED.test(name) && !name.endsWith('.')) return name;
  throw new UserError({
    code: 'BAD_NAME',
    exit: exit.usage,
    message: `'${name}' can't be an agent's name. Expected letters, digits, '.', '_' and '-', at most 64, not a bare number, not starting with a dash, and not person, swarm or files.`,
    hint: 'swarm spawn TICKET --name api-worker',
  });
}

function nameTaken(name: string, hint: string | null): UserError {
  return new UserError({
    code: 'NAME_TAKEN',
    exit: exit.refused,
    message: `There is an agent called '${name}' already.`,
    hint: hint ?? `--name ${name}-2`,
  });
}
