/** What an agent said last, by what its CLI wrote down. */
export interface Said {
  readonly text: string;
  /** ISO 8601; null where the line tells no time. */
  readonly at: string | null;
}

/**
 * The last answer in a transcript of JSON lines: Claude Code's (`assistant`, a message spread over several lines of one
 * id) or the scripted agent's (`agent`). Lines that are cut off or mean something else are passed over.
 */
export function lastSaid(transcript: string): Said | null {
  const texts: string[] = [];
  let id: unknown = null;
  let at: string | null = null;
  for (const line of transcript.split('\n').reverse()) {
    const entry = parse(line);
    const message: unknown = entry['message'];
    if (entry['type'] === 'agent' && typeof entry['text'] === 'string' && texts.length === 0) {
      return { text: entry['text'], at: textOf(entry['at']) };
    }
    if (entry['type'] !== 'assistant' || typeof message !== 'object' || message === null) continue;
    const own: unknown = Reflect.get(message, 'id');
    if (texts.length > 0 && own !== id) break;
    const text = contentText(Reflect.get(message, 'content'));
    if (text === '') continue;
    texts.unshift(text);
    id = own;
    at ??= textOf(entry['timestamp']);
    if (own === undefined) break;
  }
  return texts.length === 0 ? null : { text: texts.join('\n'), at };
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((block: unknown) => {
      const { type, text } = Object(block);
      return type === 'text' && typeof text === 'string' ? [text] : [];
    })
    .join('\n');
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

function parse(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

/** How each CLI marks what its agent says, in the first column. */
const MARKS: Readonly<Record<string, RegExp>> = {
  claude: /^[●⏺] /u,
  scripted: /^[●⏺] /u,
  codex: /^• /u,
  gemini: /^✦ /u,
};
/** Steps that are marked like answers. */
const STEP = /^\S (?:\w+\(.*|(?:Working|Running|Ran|Explored|Edited|Added|Called|Updated)\b.*)$/u;

/** What the agent said last, as its screen shows it; of a CLI that marks nothing, the whole screen. Null: nothing yet. */
export function saidOnScreen(cli: string, lines: readonly string[]): string | null {
  const mark = Object.hasOwn(MARKS, cli) ? MARKS[cli] : undefined;
  if (mark === undefined) return lines.join('\n').trim() || null;
  const from = lines.findLastIndex((line) => mark.test(line) && !STEP.test(line));
  if (from === -1) return null;
  const rest = lines.slice(from + 1);
  // Whatever else begins in the first column, and what hangs below a step, is the CLI's own.
  const end = rest.findIndex((line) => /^\S|^\s+⎿|^\s+Worked for |^\s{20,}\? for shortcuts/u.test(line));
  const said = [(lines[from] ?? '').slice(2), ...rest.slice(0, end === -1 ? rest.length : end)];
  return said
    .map((line) => line.replace(/^ {2}/u, ''))
    .join('\n')
    .trim();
}
