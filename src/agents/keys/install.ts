import { join, resolve } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import { withFileLock } from '../../process/file-lock.ts';
import { userStateHome } from '../../store/open.ts';
import { findBlock, withBlock } from '../../tmux/conf-block.ts';
import { boundKeys, forgetCommands, hideStatus, unbindKeys } from '../../tmux/conf-bound.ts';
import { readConfig, replaceConfig, tmuxConfigFile } from '../../tmux/conf-file.ts';
import { type Tmux, tmux } from '../../tmux/tmux.ts';
import { type Binding, keyLines, keysConfig, planKeys } from './plan.ts';

export interface KeysRequest {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Another file than the one that tmux reads by itself. */
  readonly file: string | null;
  /** Show the states in the status line, too. */
  readonly status: boolean;
  /** Take keys that are taken; give up what was changed in the block by hand. */
  readonly force: boolean;
}

/** What `swarm keys` did, or would do. */
export interface KeysReport {
  /** The tmux configuration with the block, or where it would go. */
  readonly file: string;
  /** Whether the block is in it now. */
  readonly installed: boolean;
  /** Whether the file was changed. */
  readonly changed: boolean;
  /** Whether a running tmux server was told, too. */
  readonly applied: boolean;
  readonly status: boolean;
  readonly bindings: readonly Binding[];
  /** Keys that a running server no longer has. */
  readonly unbound: readonly string[];
  /** What is, or would be, in the block. */
  readonly lines: readonly string[];
}

/** Milliseconds to wait for another swarm that changes the file. */
const PATIENCE = 10_000;
/** Times that a file which somebody else changes meanwhile is looked at anew. */
const TRIES = 5;

/** Puts the block into the user's tmux configuration, or brings it up to date, and tells a running server. */
export async function installKeys(request: KeysRequest): Promise<KeysReport> {
  const to = server(request.env);
  const file = fileOf(request);
  const { keys } = await keysConfig(request.cwd, request.env);
  const bound = await boundKeys(to);
  let planned: readonly Binding[] = [];
  const changed = await rewrite(request, (text) => {
    const { rest } = unedited(text, file, request, 'install');
    planned = planKeys(keys, { text: rest, bound, force: request.force });
    if (planned.every(({ key, taken }) => key === null || taken !== null)) throw nothingFree(planned);
    return withBlock(text, keyLines(planned, request.status, request.env));
  });
  const lines = keyLines(planned, request.status, request.env);
  const kept = new Set(planned.map(({ key, taken }) => (taken === null ? key : null)));
  const unbound = (bound ?? []).filter(({ key, ours }) => ours && !kept.has(key)).map(({ key }) => key);
  if (bound !== null) await tell(to, file, lines, unbound, request.status);
  const { status } = request;
  return { file, installed: true, changed, applied: bound !== null, status, bindings: planned, unbound, lines };
}

/** What {@link installKeys} would put there. */
export async function previewKeys(request: KeysRequest): Promise<KeysReport> {
  const file = fileOf(request);
  const text = readConfig(file) ?? '';
  const found = findBlock(text);
  const rest = found === null || found === 'broken' ? text : found.rest;
  const { keys } = await keysConfig(request.cwd, request.env);
  const bindings = planKeys(keys, { text: rest, bound: await boundKeys(server(request.env)), force: request.force });
  const lines = keyLines(bindings, request.status, request.env);
  const { status } = request;
  return { file, installed: found !== null, changed: false, applied: false, status, bindings, unbound: [], lines };
}

/** Takes the block out of the configuration, and what it bound out of a running server. */
export async function removeKeys(request: KeysRequest): Promise<KeysReport> {
  const to = server(request.env);
  const file = fileOf(request);
  const changed = await rewrite(request, (text) => {
    const found = unedited(text, file, request, 'remove');
    return found.rest === '' && (found.madeFile || text === null) ? null : found.rest;
  });
  const bound = await boundKeys(to);
  const unbound = (bound ?? []).filter(({ ours }) => ours).map(({ key }) => key);
  if (!changed && unbound.length === 0) throw notInstalled(file);
  await unbindKeys(to, unbound);
  if (bound !== null) await Promise.all([forgetCommands(to), hideStatus(to)]);
  const applied = bound !== null;
  return { file, installed: false, changed, applied, status: false, bindings: [], unbound, lines: [] };
}

/** The server of `SWARM_TMUX_SOCKET`, else the one around this terminal, else the user's default one. */
function server(env: NodeJS.ProcessEnv): Tmux {
  const around = (env['TMUX'] ?? '').replace(/,\d+,\d+$/, '');
  return tmux({ socket: env['SWARM_TMUX_SOCKET'] || around || null, env });
}

function fileOf({ cwd, env, file }: KeysRequest): string {
  return file === null ? tmuxConfigFile(env) : resolve(cwd, file);
}

/** Changes the file, again where somebody else did so meanwhile. Whether it is another one now. */
async function rewrite(request: KeysRequest, change: (text: string | null) => string | null): Promise<boolean> {
  const file = fileOf(request);
  const work = async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = readConfig(file);
      const after = change(before);
      if (after === before) return false;
      if (replaceConfig(file, before, after)) return true;
    }
    throw new UserError({
      code: 'TMUX_CONF_BUSY',
      exit: exit.undelivered,
      message: `${file} is being changed by another program; it was left alone.`,
      hint: 'Try again once that is done.',
      details: { file },
    });
  };
  return withFileLock(join(userStateHome(request.env), 'tmux-conf'), work, { timeout: PATIENCE });
}

/** The configuration without the block. @throws UserError (4) where that would lose what somebody wrote into it. */
function unedited(text: string | null, file: string, { force }: KeysRequest, verb: 'install' | 'remove') {
  const found = findBlock(text ?? '');
  if (found === null) return { rest: text ?? '', madeFile: false };
  if (found !== 'broken' && (force || !found.edited)) return found;
  const broken = found === 'broken';
  throw new UserError({
    code: 'BLOCK_EDITED',
    exit: exit.refused,
    message: broken
      ? `swarm's block in ${file} has lost its last line, or is there twice: nobody can say what belongs to it.`
      : `swarm's block in ${file} was changed by hand, and those changes would be lost.`,
    hint: broken ? `Take its lines out by hand: ${file}` : `swarm keys ${verb} --force`,
    details: { file },
  });
}

async function tell(to: Tmux, file: string, lines: readonly string[], unbound: readonly string[], status: boolean) {
  await unbindKeys(to, unbound);
  if (!status) await hideStatus(to);
  const { problem, stderr } = await to.script(lines);
  if (problem === null) return;
  throw new UserError({
    code: 'TMUX_FAILED',
    exit: exit.failed,
    message: `The block is in ${file}, but the running tmux refused it: ${stderr.trim()}.`,
    hint: 'swarm keys remove',
    details: { file, stderr },
  });
}

function nothingFree(planned: readonly Binding[]): UserError {
  const taken = planned.flatMap((one) => (one.taken === null ? [] : [`${one.key} by ${one.taken}`]));
  return new UserError({
    code: 'KEYS_TAKEN',
    exit: exit.refused,
    message: taken.length === 0 ? 'The config gives no action a key.' : `All keys are taken: ${taken.join('; ')}.`,
    hint: "Choose others in swarm.yaml or your own config: keys: { tmux.popup: 'G' }",
    details: { bindings: planned },
  });
}

function notInstalled(file: string): UserError {
  return new UserError({
    code: 'NO_KEYS',
    exit: exit.notFound,
    message: `There is nothing to remove: no block of swarm's in ${file}, and no key of its bound in tmux.`,
    hint: 'swarm keys install',
    details: { file },
  });
}
