import { type Conflict, conflictFiles, conflictWords } from '../agents/collisions.ts';
import type { Explanation } from '../agents/explain.ts';
import { GLYPHS } from '../agents/glyphs.ts';
import type { Restorable } from '../agents/life/restorable.ts';
import type { Team } from '../agents/team.ts';
import type { Agent } from '../agents/types.ts';
import { shortDuration } from '../lib/duration.ts';
import { oneLine, plainLine } from '../lib/text.ts';
import { paint } from './output.ts';
import { type Column, table } from './table.ts';
import { ageOf, clock } from './times.ts';

type Colour = Parameters<typeof paint>[0];

/** The colour of each status; its sign and its word stand beside it, so that colour is never alone. */
const COLOURS: Readonly<Record<Agent['status'], Colour>> = {
  starting: 'blue',
  working: 'blue',
  waiting: 'yellow',
  blocked: 'yellow',
  idle: 'green',
  done: 'green',
  paused: 'dim',
  stuck: 'red',
  failed: 'red',
  exited: 'dim',
  unknown: 'yellow',
};

/** Statuses in which it matters that nobody has looked. */
const NEWS: ReadonlySet<Agent['status']> = new Set(['idle', 'done']);

/** A status for people: `◐ waiting`. A star: a turn ended and nobody has looked. Who was paused or stopped is no news. */
export function statusWord(agent: Agent): string {
  const { status } = agent;
  return paint(COLOURS[status], `${GLYPHS[status]} ${status}${agent.unseen && NEWS.has(status) ? '*' : ''}`);
}

/** `↑2 ↓1 +40 -3 ~2`: commits ahead and behind, lines, dirty files; only what there is. */
function gitWords(agent: Agent): string {
  const { git } = agent;
  if (git === null) return '';
  const parts = [
    git.ahead ? `↑${git.ahead}` : '',
    git.behind ? `↓${git.behind}` : '',
    git.insertions ? paint('green', `+${git.insertions}`) : '',
    git.deletions ? paint('red', `-${git.deletions}`) : '',
    git.dirty ? `~${git.dirty}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `ticket-42 from main`. */
function branchWords({ branch, base }: Agent): string | null {
  return branch === null ? null : plainLine(base === null ? branch : `${branch} from ${base}`);
}

/** Columns of the team; where the terminal is narrow, `swarm status AGENT` tells what is left out. */
const COLUMNS: readonly Column[] = [
  { title: 'AGENT' },
  { title: 'STATUS' },
  { title: 'CLI', drops: 5 },
  { title: 'BRANCH', shrinks: true, drops: 1 },
  { title: 'GIT', drops: 3 },
  { title: 'PORTS', drops: 6 },
  { title: 'FOR', drops: 4 },
  { title: 'REASON', shrinks: true, drops: 2 },
];

/** The team as a table, with those that were removed below it and what else the person should know; what to type when there is none. */
export function renderTeam(team: Team): string {
  const { agents, removed } = team;
  const none = 'No agents yet. Start one: swarm spawn TICKET -p "What to do"\n';
  const shown = agents.length === 0 && !removed?.length ? none : teamTable(team);
  return [shown, ...teamNotes(team).map((note) => `${note}\n`)].join('');
}

/** Lines below the team, for the person: who asks, what they have not read, and what is not done by itself. */
export function teamNotes({ agents, questions, unread, massDeath, databaseRestored, conflicts }: Team): string[] {
  const asked = questions.slice(0, MOST_ASKED).map(questionWords);
  const more = questions.length - asked.length;
  const rest = more > 0 ? [paint('dim', `… and ${more} more questions: swarm answer`)] : [];
  const mail = unread === 0 ? [] : [unreadWords(unread)];
  const yours = agents.filter(({ takenOver }) => takenOver).map(({ name }) => takenWords(name));
  const dead = massDeath === null ? [] : [massDeathWords(massDeath)];
  const back = databaseRestored === null ? [] : [restoredWords(databaseRestored)];
  return [...asked, ...rest, ...mail, ...yours, ...collisionNotes(conflicts ?? []), ...dead, ...back];
}

/** Who collides with whom; the first few, those that git can't merge before the others. */
function collisionNotes(conflicts: readonly Conflict[]): string[] {
  const sorted = conflicts.toSorted((a, b) => Number(a.kind === 'editing') - Number(b.kind === 'editing'));
  const lines = sorted.slice(0, MOST_COLLISIONS).map((one) => {
    const sign = one.kind === 'merge' ? paint('red', '≠') : paint('yellow', '≠');
    return `${sign} ${plainLine(conflictWords(one))}: ${oneLine(conflictFiles(one, 3), 120)}`;
  });
  const more = conflicts.length - lines.length;
  const rest = more > 0 ? `… and ${more} more collisions: ` : 'all of it: ';
  return lines.length === 0 ? [] : [...lines, `${paint('dim', rest)}${paint('cyan', 'swarm conflicts')}`];
}

/** Questions, and collisions, that are shown below the team. */
const MOST_ASKED = 3;
const MOST_COLLISIONS = 3;

const unreadWords = (unread: number) =>
  `${unread} ${unread === 1 ? 'message' : 'messages'} for you ${paint('cyan', '→')} swarm msg read`;

const takenWords = (name: string) =>
  `${name} is yours until you hand it back: ${paint('cyan', `swarm attach ${name} --hand-back`)}`;

function questionWords({ id, from, text }: Team['questions'][number]): string {
  const answer = paint('cyan', `swarm answer ${id.slice(0, 8)} TEXT`);
  return `${paint('yellow', '?')} ${from} asks: ${oneLine(text, 100)}  ${answer}`;
}

function teamTable({ agents, removed }: Team): string {
  const rows = agents.map((agent) => [
    agent.name,
    statusWord(agent),
    agent.cli,
    plainLine(agent.branch ?? ''),
    gitWords(agent),
    Object.values(agent.ports).join(','),
    ageOf(agent.since),
    oneLine(agent.reason ?? '', 80),
  ]);
  return table(COLUMNS, [...rows, ...(removed ?? []).map(removedRow)]);
}

/** Why agents that crashed lie there. */
function massDeathWords({ names }: NonNullable<Team['massDeath']>): string {
  const who = `${names.length} agents died at once`;
  return `${paint('red', '✗')} ${who}, and crashed ones are not started again: ${paint('cyan', 'swarm up')} brings them back`;
}

/** What was said once, to whoever found it: the person may have been elsewhere. */
function restoredWords({ at, backedUpAt }: NonNullable<Team['databaseRestored']>): string {
  const what = `the database was damaged ${ageOf(at)} ago, and is back as of ${clock(backedUpAt)}`;
  return `${paint('red', '✗')} ${what}: ${paint('cyan', 'swarm log --type database')} says what it does not know`;
}

function removedRow({ name, cli, branch, removedAt }: Restorable): string[] {
  const ago = ageOf(removedAt);
  return [name, paint('dim', '– removed'), cli, plainLine(branch ?? ''), '', '', ago, `swarm restore ${name}`];
}

/** One agent in full, a fact a line. */
export function renderAgent(agent: Agent): string {
  const { git } = agent;
  const facts: readonly (readonly [string, string | null])[] = [
    ['status', `${statusWord(agent)} for ${ageOf(agent.since)}`],
    ['reason', agent.reason === null ? null : oneLine(`${agent.reason} (${agent.source ?? 'no source'})`)],
    ['cli', oneLine([agent.cli, agent.model].filter((part) => part !== null).join(' '))],
    ['ticket', agent.ticket === null ? null : plainLine(agent.ticket)],
    ['branch', branchWords(agent)],
    ['commit', git?.head == null ? null : oneLine(`${git.head.slice(0, 9)} ${git.subject ?? ''}`)],
    ['changes', gitWords(agent) || null],
    ['worktree', agent.worktree === null ? null : plainLine(agent.worktree)],
    [
      'ports',
      Object.entries(agent.ports)
        .map(([name, port]) => `${name}=${port}`)
        .join(' ') || null,
    ],
    ['window', agent.tmux.window === null ? null : `${agent.tmux.window} ${agent.tmux.pane ?? ''}`],
    ['process', agent.pid === null ? null : String(agent.pid)],
    ['conversation', agent.sessionId === null ? null : plainLine(agent.sessionId)],
    ['restarts', agent.restarts === 0 ? null : String(agent.restarts)],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === null ? [] : [`  ${name.padEnd(13)}${value.replace(/\s+$/, '')}`],
  );
  return [paint('bold', agent.name), ...lines].join('\n');
}

/** What the status rests on, below the agent's facts. */
export function renderExplanation(explanation: Explanation | null): string {
  if (explanation === null) return '';
  const lines = explanation.evidence.map(
    ({ source, what, ageMs }) =>
      `  ${source.padEnd(13)}${oneLine(what, 160)}${ageMs === 0 ? '' : `, ${shortDuration(ageMs)} ago`}`,
  );
  return `\n${['evidence', ...lines, `  ${'rule'.padEnd(13)}${explanation.rule ?? 'none: the screen was not read'}`].join('\n')}`;
}
