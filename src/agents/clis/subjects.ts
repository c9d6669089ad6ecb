import { basename } from 'node:path';
import type { Subject } from '../screen.ts';
import { textField } from './common.ts';

/*
 * What an answer to a dialog would allow. What stands on a screen is partly the model's own words: a description may hold
 * lines that look like a command. So each reader wants the CLI's own marks, each exactly once; anything else is null,
 * and then only a person can judge. Lines that the CLI has broken stay apart: a break may be a line feed of the command.
 */

/** A line by which a CLI says that it left something out. */
const CUT = /…\s*$|^\s*…|^\s*\.\.\. .*\b(?:hidden|lines)\b|\+\d+ (?:more )?lines?\b/u;

const CLAUDE_RULE = /^\s*╌{8,}\s*$/u;
const CLAUDE_EDIT = /^(?:Create|Edit|Overwrite|Update|Write to|Write) file$/u;
/** Claude Code's advice above a command. */
const CLAUDE_TIP = /^Tip: /u;

/** A tool of swarm's own MCP server, as Claude Code shows it: its name in words. Only of this server is known how its names are made. */
const CLAUDE_BOARD_TOOL = /^swarm — ([A-Z][a-z]+(?: [A-Z][a-z]+)*) Tool: \(MCP\)$/u;

/** Claude Code: a title, then what it is about; a command between two dashed rules (2.1.329). Reading and fetching are not recorded. */
export function claudeSubject(dialog: readonly string[]): Subject | null {
  const first = dialog.findIndex((line) => line.trim() !== '');
  const title = (dialog[first] ?? '').trim();
  const rules = dialog.flatMap((line, row) => (CLAUDE_RULE.test(line) ? [row] : []));
  const [open, close, ...more] = rules;
  if (title === 'Bash command') {
    if (open === undefined || close === undefined || more.length > 0) return null;
    return command(dialog.slice(open + 1, close).map((line) => line.replace(/^ /u, '')));
  }
  const body = dialog
    .slice(first + 1, open ?? dialog.length)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !CLAUDE_TIP.test(line));
  const [only = ''] = body;
  if (CLAUDE_EDIT.test(title)) {
    // The question names the file, too: no line of the model's does both.
    const named = dialog.some((line) => /^\s*Do you want to /u.test(line) && line.includes(`${basename(only)}?`));
    return body.length === 1 && open !== undefined && named ? whole('edit', only) : null;
  }
  if (title === 'Tool use') {
    const name = body.length === 1 && open !== undefined ? CLAUDE_BOARD_TOOL.exec(only)?.[1] : undefined;
    return name === undefined ? null : whole('tool', `mcp__swarm__${name.toLowerCase().replaceAll(' ', '_')}`);
  }
  const read = /^(?:Read|Search)\((.+)\)$/u.exec(only)?.[1];
  if (title === 'Read file') return read === undefined ? null : whole('read', read);
  if (title === 'Fetch') return /^https?:\/\/\S+$/u.test(only) ? whole('fetch', only) : null;
  return null;
}

/** The scripted agent: the command, an empty line, the question. */
export function scriptedSubject(dialog: readonly string[]): Subject | null {
  const lines = dialog.map((line) => line.replace(/^ /u, ''));
  const end = lines.lastIndexOf('');
  return lines[end + 1] === 'Do you want to proceed?' ? command(lines.slice(0, end)) : null;
}

/** Codex: `  $ ` and the command, down to the blank line above the answers (0.169.0). */
export function codexSubject(dialog: readonly string[]): Subject | null {
  const asked = dialog.some((line) => /^\s*Would you like to run the following command\?/u.test(line));
  return asked ? afterDollar(dialog, /^ {2}\$ /u) : null;
}

/** OpenCode: the same on its bar (1.18.33). */
export function opencodeSubject(dialog: readonly string[]): Subject | null {
  return afterDollar(
    dialog.map((line) => line.replace(/^\s*┃/u, '')),
    /^ {2}\$ /u,
  );
}

/** Gemini CLI: a frame of its own around the command (0.61.0). */
export function geminiSubject(dialog: readonly string[]): Subject | null {
  if (dialog.some((line) => /^\s*│ \? {1,2}\S+ \(swarm MCP Server\)/u.test(line))) return geminiBoardTool(dialog);
  if (!dialog.some((line) => /^\s*│ \? Shell\b/u.test(line))) return null;
  const rows = (pattern: RegExp) => dialog.flatMap((line, row) => (pattern.test(line) ? [row] : []));
  const [open, ...opens] = rows(/^\s*│ ╭─{8,}/u);
  const [close, ...closes] = rows(/^\s*│ ╰─{8,}/u);
  if (open === undefined || close === undefined || opens.length + closes.length > 0) return null;
  const inner = dialog.slice(open + 1, close).map((line) => /^\s*│ │ ?(.*?)\s*│ │$/u.exec(line)?.[1]);
  return inner.some((line) => line === undefined) ? null : command(inner.filter((line) => line !== undefined));
}

/** A tool of swarm's own MCP server: server, tool and question say the same, each once. */
function geminiBoardTool(dialog: readonly string[]): Subject | null {
  const inner = dialog.map((line) => line.replace(/^\s*│ ?/u, '').replace(/\s*│$/u, ''));
  const only = (pattern: RegExp) => {
    const found = inner.flatMap((line) => pattern.exec(line)?.[1] ?? []);
    return found.length === 1 ? found[0] : undefined;
  };
  const name = only(/^Tool: (\w+)$/u);
  const asked = only(/^Allow execution of MCP tool "(\w+)" from server "swarm"\?$/u);
  const server = only(/^MCP Server: (.+)$/u);
  return name === undefined || asked !== name || server !== 'swarm' ? null : whole('tool', `mcp_swarm_${name}`);
}

function afterDollar(lines: readonly string[], mark: RegExp): Subject | null {
  const [at, ...more] = lines.flatMap((line, row) => (mark.test(line) ? [row] : []));
  if (at === undefined || more.length > 0) return null;
  const end = lines.findIndex((line, row) => row > at && line.trim() === '');
  // Below the command are the answers: whatever else stood there would be a part of it.
  if (end === -1 || lines.slice(end).some((line) => line.trim() !== '')) return null;
  return command(lines.slice(at, end).map((line) => line.slice('  $ '.length)));
}

function command(lines: readonly string[]): Subject | null {
  return lines.some((line) => CUT.test(line)) ? null : whole('command', lines.join('\n').trim());
}

function whole(kind: Subject['kind'], what: string): Subject | null {
  return what === '' || CUT.test(what) ? null : { kind, what };
}

/** Events of hooks that come before a tool is used. */
const BEFORE = new Set(['PreToolUse', 'PermissionRequest', 'BeforeTool']);

/** Where each tool's input says what it is about: Claude Code's and Codex's names, then Gemini CLI's. */
const TOOLS: Readonly<Record<string, readonly [Subject['kind'], ...string[]]>> = {
  Bash: ['command', 'command'],
  Edit: ['edit', 'file_path'],
  MultiEdit: ['edit', 'file_path'],
  Write: ['edit', 'file_path'],
  NotebookEdit: ['edit', 'notebook_path'],
  Read: ['read', 'file_path'],
  Glob: ['read', 'path'],
  Grep: ['read', 'path'],
  WebFetch: ['fetch', 'url'],
  run_shell_command: ['command', 'command'],
  write_file: ['edit', 'file_path'],
  replace: ['edit', 'file_path'],
  read_file: ['read', 'file_path', 'absolute_path'],
};

/** What a hook that is called before a tool says the tool will be used for; null for other hooks. */
export function toolSubject(event: string, payload: unknown): Subject | null {
  const tool = textField(payload, 'tool_name');
  if (tool === null || !BEFORE.has(event)) return null;
  const [kind, ...fields] = (Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined) ?? ['tool' as const];
  if (kind === 'tool') return { kind, what: tool };
  const input: unknown = Reflect.get(Object(payload), 'tool_input');
  const what = fields.map((field) => textField(input, field)).find((value) => value !== null);
  return what === undefined ? null : { kind, what: what.trim() };
}
