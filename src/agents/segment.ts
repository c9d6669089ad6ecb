import { GLYPHS } from './glyphs.ts';
import type { Agent, AgentStatus } from './types.ts';

type Counted = Pick<Agent, 'status' | 'unseen'>;

export interface SegmentForm {
  /** `1 needs you · 3 working` in place of `◐1 ●3`. */
  readonly words?: boolean;
  /** With tmux's style codes, for an option that a status line shows. */
  readonly styles?: boolean;
}

interface Kind {
  readonly glyph: string;
  readonly word: string;
  /** A tmux style. Backgrounds, since tmux's own status line is green and others are anything; only what must be seen. */
  readonly style: string | null;
  holds(agent: Counted): boolean;
}

const kind = (
  status: AgentStatus,
  word: string,
  style: string | null = null,
  more: readonly AgentStatus[] = [],
): Kind => ({
  glyph: GLYPHS[status],
  word,
  style,
  holds: (agent) => [status, ...more].includes(agent.status),
});

/** The loudest first; who is paused or has ended is no news. An agent counts in the first that holds it. */
const KINDS: readonly Kind[] = [
  kind('waiting', 'needs you', 'fg=black,bg=yellow'),
  kind('failed', 'failed', 'fg=white,bg=red'),
  kind('stuck', 'stuck', 'fg=white,bg=red'),
  { ...kind('done', 'done'), holds: ({ status, unseen }) => status === 'done' || (status === 'idle' && unseen) },
  kind('working', 'working', null, ['starting']),
  kind('blocked', 'blocked'),
  kind('idle', 'idle'),
  kind('unknown', 'unknown'),
];

/** How many agents are how: `◐1 ✓2 ●3`, the loudest first. Made of numbers and words of our own only. Empty without agents. */
export function segment(agents: readonly Counted[], form: SegmentForm = {}): string {
  const kinds = agents.map((agent) => KINDS.find(({ holds }) => holds(agent)));
  const parts = KINDS.flatMap((one) => {
    const count = kinds.filter((found) => found === one).length;
    if (count === 0) return [];
    const text = form.words ? `${count} ${one.word}` : `${one.glyph}${count}`;
    return form.styles && one.style !== null ? `#[${one.style}]${text}#[default]` : text;
  });
  return parts.join(form.words ? ' · ' : ' ');
}
