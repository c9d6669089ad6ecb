import { failure, lines, type TmuxClient } from './client.ts';
import { FORMATS, factsFormat, newMark, type PaneFacts, parseFacts } from './facts.ts';
import { quoted } from './words.ts';

export type { PaneFacts } from './facts.ts';

/** All panes on the server that belong to agents (of any repository), further panes of their windows included. None without a server. */
export function listAgentPanes(client: TmuxClient): Promise<PaneFacts[]> {
  return withStatus(
    client,
    () => list(client),
    (panes) => panes,
  );
}

async function list(client: TmuxClient): Promise<PaneFacts[]> {
  const mark = newMark();
  const ours = '#{||:#{!=:#{@swarm_agent},},#{!=:#{@swarm_extra},}}';
  const result = await client.try([['list-panes', '-a', '-f', ours, '-F', factsFormat(mark)]]);
  // A server whose last session has just ended has no target.
  if (result.problem === 'no-server' || result.problem === 'no-target') return [];
  if (result.problem !== null) throw failure([['list-panes']], result);
  const panes = result.stdout.split(`${mark}\n`).map((record) => parseFacts(`${record}${mark}`, mark));
  // A window that is linked into two sessions is listed twice.
  return [...new Map(panes.flatMap((facts) => (facts ? [[facts.pane, facts] as const] : []))).values()];
}

/**
 * Looks again where a program has ended and tmux does not know how: in about one of twenty deaths (3.3a) it misses the
 * signal and leaves a zombie, until any other child of its own ends. So one is made to.
 */
async function withStatus<T>(
  client: TmuxClient,
  look: () => Promise<T>,
  panes: (seen: T) => Iterable<PaneFacts>,
): Promise<T> {
  const seen = await look();
  const missed = [...panes(seen)].some((one) => one.dead && one.deadStatus === null && one.deadSignal === null);
  if (!missed) return seen;
  await reap(client);
  return look();
}

/** Makes tmux notice the deaths that it has missed, by one of a child of its own. */
export async function reap(client: TmuxClient): Promise<void> {
  await client.try([['if-shell', 'true', '']]);
}

/**
 * Says "Pane is dead" when a program has ended, which pushes the screen up by a line: the first of the program's last
 * words is then in the history.
 */
function captureVisible(pane: string, flags: string): string[] {
  const command = `capture-pane -p ${flags} -t ${quoted(pane)}`;
  return ['if-shell', '-F', '-t', pane, '#{pane_dead}', `${command} -S -1`, command];
}

/** A pane's facts and what is on its visible screen. */
export interface PaneSnapshot extends PaneFacts {
  /** Its lines, with trailing blanks and colours (SGR). A colour lasts until it is changed, over the ends of lines too. */
  readonly text: string;
}

/**
 * Looks at many panes in one process. Panes that are gone are missing from the answer.
 * Facts and screen of one pane are from the same moment.
 */
export function snapshot(client: TmuxClient, panes: readonly string[]): Promise<Map<string, PaneSnapshot>> {
  return withStatus(
    client,
    () => shoot(client, panes),
    (seen) => seen.values(),
  );
}

async function shoot(client: TmuxClient, panes: readonly string[]): Promise<Map<string, PaneSnapshot>> {
  const mark = newMark();
  const found = new Map<string, PaneSnapshot>();
  if (panes.length === 0) return found;
  const result = await client.script(
    panes.flatMap((pane) => [
      `display-message -p -t ${quoted(pane)} ${quoted(factsFormat(mark))}`,
      captureVisible(pane, '-e -N').map(quoted).join(' '),
    ]),
  );
  if (result.problem === 'failed' && result.stdout === '') throw failure([['capture-pane']], result);
  const parts = result.stdout.split(mark).slice(1);
  for (const [index, pane] of panes.entries()) {
    const start = index * (FORMATS.length + 1);
    const facts = parseFacts(['', ...parts.slice(start, start + FORMATS.length), ''].join(mark), mark);
    // Where the wanted pane is gone, tmux speaks of another one.
    if (facts?.pane === pane) found.set(pane, { ...facts, text: (parts[start + FORMATS.length] ?? '').slice(1) });
  }
  return found;
}

/** The pane's screen as text; with `lines`, so many of its last lines, history included. */
export async function capture(
  client: TmuxClient,
  pane: string,
  options: { readonly lines?: number; readonly ansi?: boolean } = {},
): Promise<string> {
  const ansi = options.ansi ? ['-e'] : [];
  const deep = ['capture-pane', '-p', ...ansi, '-t', pane, '-S', `-${Math.max(0, options.lines ?? 0)}`];
  const command = options.lines === undefined ? captureVisible(pane, ansi.join(' ')) : deep;
  const text = (await client.run(command)).replace(/\n+$/, '');
  if (options.lines === undefined) return `${text}\n`;
  const kept = lines(text).slice(-options.lines).join('\n');
  return `${colourBefore(text.slice(0, text.length - kept.length))}${kept}\n`;
}

/** The colour that text leaves behind: what was set since the last return to normal. */
function colourBefore(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const set: string[] = text.match(/\u001b\[[\d;:]*m/g) ?? [];
  return set.slice(set.lastIndexOf('\u001b[0m') + 1).join('');
}
