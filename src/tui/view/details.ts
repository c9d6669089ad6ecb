import { conflictFiles } from '../../agents/collisions.ts';
import type { Explanation } from '../../agents/explain.ts';
import type { Prompt } from '../../agents/history.ts';
import type { LiveAgent } from '../../agents/live.ts';
import { shortDuration } from '../../lib/duration.ts';
import { oneLine } from '../../lib/text.ts';
import { clock } from './log.ts';
import { type Line, pad, type Style, span } from './span.ts';

const LABEL = 14;
/** Lines of a prompt that are shown. */
const PROMPT = 6;

const fact = (label: string, value: string, style: Style = {}): Line => [
  span(` ${pad(label, LABEL)}`, { dim: true }),
  span(value, style),
];
const title = (text: string): Line => [span(` ${text}`, { bold: true })];

/** One agent in full: where it is, what it asks, why its status, what it was told. */
export function detailLines(
  live: LiveAgent,
  explanation: Explanation | null,
  prompts: readonly Prompt[],
): readonly Line[] {
  return [
    ...facts(live),
    ...collisionLines(live),
    ...questionLines(live),
    ...whyLines(explanation),
    ...promptLines(prompts),
  ];
}

function facts({ agent, listening }: LiveAgent): Line[] {
  const { git } = agent;
  const known: readonly (readonly [string, string | null])[] = [
    ['ticket', agent.ticket],
    ['agent CLI', [agent.cli, agent.model].filter((part) => part !== null).join(' ')],
    [
      'branch',
      agent.branch === null ? null : agent.base === null ? agent.branch : `${agent.branch} from ${agent.base}`,
    ],
    ['commit', git?.head == null ? null : oneLine(`${git.head.slice(0, 9)} ${git.subject ?? ''}`)],
    [
      'changes',
      git === null
        ? null
        : `↑${git.ahead ?? '?'} ↓${git.behind ?? '?'}  +${git.insertions ?? '?'} -${git.deletions ?? '?'}  ${git.dirty ?? '?'} file${git.dirty === 1 ? '' : 's'} not committed`,
    ],
    ['worktree', agent.worktree],
    ['window', agent.tmux.pane === null ? null : `${agent.tmux.session} ${agent.tmux.window} ${agent.tmux.pane}`],
    ['process', agent.pid === null ? null : String(agent.pid)],
    ['conversation', agent.sessionId],
    ['restarts', agent.restarts === 0 ? null : String(agent.restarts)],
  ];
  const ports = Object.entries(agent.ports).map(([name, port]) => {
    const up = listening.includes(name);
    return fact(name, `${port} ${up ? '▲ answers' : '▽ nothing listens'}`, up ? { colour: 'green' } : { dim: true });
  });
  return [...known.flatMap(([label, value]) => (value === null ? [] : [fact(label, value)])), ...ports, []];
}

function collisionLines({ agent, conflicts }: LiveAgent): Line[] {
  if (conflicts.length === 0) return [];
  const lines = conflicts.map((one) => {
    const other = one.a === agent.name ? (one.b ?? one.target ?? '') : one.a;
    const words = `${one.kind === 'merge' ? "can't be merged" : 'both edit'}: ${oneLine(conflictFiles(one, 5))}`;
    return fact(oneLine(other), words, { colour: one.kind === 'merge' ? 'red' : 'yellow' });
  });
  return [title('Collides with'), ...lines, []];
}

function questionLines({ question }: LiveAgent): Line[] {
  if (question === null) return [];
  const options = question.options.map(
    ({ label, selected }): Line => [
      span(`   ${selected ? '❯' : ' '} ${oneLine(label)}`, selected ? { colour: 'yellow' } : {}),
    ],
  );
  const subject = question.subject === null ? [] : [fact(question.subject.kind, oneLine(question.subject.what))];
  return [title('Asks'), [span(`   ${oneLine(question.text)}`, { colour: 'yellow' })], ...subject, ...options, []];
}

function whyLines(explanation: Explanation | null): Line[] {
  if (explanation === null) return [];
  const evidence = explanation.evidence.map(({ source, what, ageMs }) =>
    fact(source, `${oneLine(what)}${ageMs === 0 ? '' : `, ${shortDuration(ageMs)} ago`}`),
  );
  const status = fact('status', `${explanation.status}: ${oneLine(explanation.reason ?? 'no reason known')}`);
  return [title('Why'), status, ...evidence, fact('rule', explanation.rule ?? 'none: the screen was not read'), []];
}

function promptLines(prompts: readonly Prompt[]): Line[] {
  if (prompts.length === 0) return [];
  const lines = prompts.flatMap(({ at, state, reason, text }): Line[] => {
    const why = reason === null ? '' : `: ${oneLine(reason)}`;
    const head: Line = [
      span(`   ${clock(at)}  `, { dim: true }),
      span(state, { colour: state === 'delivered' ? 'green' : 'yellow' }),
      span(why),
    ];
    const body = (text ?? '(its text is not kept)').trimEnd().split('\n');
    const more: Line[] =
      body.length > PROMPT ? [[span(`     … ${body.length - PROMPT} more lines`, { dim: true })]] : [];
    return [head, ...body.slice(0, PROMPT).map((line): Line => [span(`     ${line}`)]), ...more];
  });
  return [title('Prompts'), ...lines];
}
