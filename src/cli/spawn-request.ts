import type { Session } from '../agents/session.ts';
import type { SpawnRequest } from '../agents/spawn/request.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { readTextFile } from './text-input.ts';

/** The flags of `swarm spawn` as oclif parsed them. */
export interface SpawnFlags {
  readonly agent?: string | undefined;
  readonly agents?: string | undefined;
  readonly prompt?: string | undefined;
  readonly cd: string;
  readonly 'prompt-file'?: string | undefined;
  readonly name?: string | undefined;
  readonly model?: string | undefined;
  readonly base?: string | undefined;
  readonly branch?: string | undefined;
  readonly port?: readonly string[] | undefined;
  readonly 'no-copy': boolean;
  readonly 'no-hooks': boolean;
  readonly yes: boolean;
  readonly 'with-changes': boolean;
  readonly another: boolean;
  readonly wait: boolean;
  readonly 'no-wait': boolean;
  readonly timeout: number;
  readonly role?: string | undefined;
  readonly parent?: string | undefined;
  readonly task?: string | undefined;
  readonly budget?: string | undefined;
}

/** Flags whose meaning comes with the agent tree. */
const LATER = ['parent', 'budget'] as const;

/** What the words and flags of `swarm spawn` ask for. */
export function spawnRequest(
  session: Session,
  tickets: readonly string[],
  flags: SpawnFlags,
  line: { readonly own: readonly string[]; readonly passed: readonly string[] },
): SpawnRequest {
  for (const name of LATER) if (flags[name] !== undefined) throw notYet(name, tickets);
  const file = flags['prompt-file'];
  const prompt =
    file === undefined
      ? (flags.prompt ?? null)
      : readTextFile(file, flags.cd, `swarm spawn ${tickets.map(shellWord).join(' ')} --prompt-file prompt.md`);
  if (prompt !== null && prompt.trim() === '') throw emptyPrompt(tickets);
  const passing = line.passed.length === 0 ? [] : ['--', ...line.passed];
  return {
    tickets,
    ticketText: true,
    crew: crewOf(flags.agents ?? flags.agent ?? session.config.agent),
    prompt,
    name: flags.name ?? null,
    role: flags.role ?? 'worker',
    model: flags.model ?? null,
    base: flags.base ?? null,
    branch: flags.branch ?? null,
    pull: null,
    ports: (flags.port ?? []).map(checkPortName),
    copy: !flags['no-copy'],
    hooks: !flags['no-hooks'],
    yes: flags.yes,
    changesFrom: flags['with-changes'] ? requireCheckout(session) : null,
    another: flags.another,
    // Read once the session is open: see forTask.
    task: null,
    added: false,
    args: line.passed,
    wait: flags['no-wait'] ? 'window' : flags.wait ? 'turn' : 'delivered',
    timeout: flags.timeout,
    typed: [...line.own.filter((word) => word !== '--json'), ...passing],
  };
}

/** `claude:2,codex` → two of one and one of the other, in that order. */
function crewOf(text: string): { cli: string; count: number }[] {
  return text.split(',').map((part) => {
    const match = /^([\w.-]+)(?::([1-9]\d?))?$/.exec(part.trim());
    if (match?.[1] !== undefined) return { cli: match[1], count: Number(match[2] ?? 1) };
    throw new UserError({
      code: 'BAD_CREW',
      exit: exit.usage,
      message: `'${part}' names no agent CLI and count. Expected NAME or NAME:COUNT, up to 99, separated by commas.`,
      hint: 'swarm spawn ticket-42 --agents claude:2,codex:1',
    });
  });
}

/** The name of a port is a variable in the agent's environment. */
function checkPortName(name: string): string {
  if (/^[A-Z_][A-Z0-9_]*$/i.test(name) && !name.startsWith('SWARM_')) return name;
  throw new UserError({
    code: 'BAD_PORT_NAME',
    exit: exit.usage,
    message: `'${name}' can't name a port: it becomes an environment variable. Expected letters, digits and '_', say API_PORT.`,
    hint: 'swarm spawn ticket-42 --port API_PORT',
  });
}

function requireCheckout(session: Session): string {
  if (session.repo.worktree !== null) return session.repo.worktree;
  throw new UserError({
    code: 'NO_CHECKOUT',
    exit: exit.usage,
    message: '--with-changes takes the uncommitted work of the worktree you are in, and this is none.',
    hint: 'swarm spawn -C WORKTREE --with-changes',
  });
}

function emptyPrompt(tickets: readonly string[]): UserError {
  return new UserError({
    code: 'EMPTY_PROMPT',
    exit: exit.usage,
    message: 'The prompt is empty. Expected what the agent shall do, or no prompt at all.',
    hint: `swarm spawn ${tickets.join(' ')} -p "What to do"`.replace('  ', ' '),
  });
}

function notYet(name: string, tickets: readonly string[]): UserError {
  return new UserError({
    code: 'NOT_IN_THIS_VERSION',
    exit: exit.usage,
    message: `--${name} is not in this version of swarm: it comes with the agent tree.`,
    hint: `swarm spawn ${tickets.join(' ')}`.trim(),
  });
}
