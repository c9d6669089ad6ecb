import { join } from 'node:path';
import { type Look, lastLines, type Screen } from '../screen.ts';
import { CLEAR_LINES, guardFor, optionIn } from './common.ts';
import { commonLook, draftIn, look, readyLook } from './looks.ts';
import type { AgentCli, StartOptions, StartPlan } from './types.ts';

/** The prompt, with the chat mode before it when it isn't the usual one: `> `, `ask> `, `architect multi> `. */
const PROMPT = /^(?:[a-z-]+ )*[a-z-]*> ?/u;
const CONFIRM = /\(Y\)es\/\(N\)o.*\[\w+\]: ?$/u;
const WAITING_FOR_MODEL = /(?:^|\s)Waiting for \S+/u;

function lookAtAider(screen: Screen): Look {
  const common = commonLook(screen);
  if (common) return common;
  const { lines } = screen;
  const last = lastLines(lines, 1)[0] ?? '';
  if (CONFIRM.test(last)) {
    const text = last.replace(/\s*\(Y\)es.*$/u, '').trim();
    const options = [...last.matchAll(/\((\w)\)([\w' ]+)/gu)].map(([, letter = '', rest = '']) => ({
      key: `${letter.toLowerCase()} Enter`,
      label: `${letter}${rest}`.trim(),
      selected: last.includes(`[${letter}${rest.trim()}]`),
    }));
    const waiting = { kind: 'approve' as const, text, options, subject: null };
    return look('waiting', 'confirm', `permission dialog: ${text}`, { waiting });
  }
  const end = lines.findLastIndex((line) => line.trim() !== '') + 1;
  const from = lines.findLastIndex((line) => PROMPT.test(line));
  // A draft's further lines start with a dot; anything else below a prompt is what aider answers to it.
  const typing = from !== -1 && lines.slice(from + 1, end).every((line) => line.startsWith('. ') || line === '.');
  if (typing && screen.lineEditor !== false) {
    const column = PROMPT.exec(lines[from] ?? '')?.[0].length ?? 2;
    const draft = draftIn(screen, { from, to: end, column, indent: 2 }, []);
    return readyLook('prompt', 'its prompt is the last line', draft);
  }
  if (WAITING_FOR_MODEL.test(last)) return look('busy', 'spinner', last.trim());
  if (screen.lineEditor === false) return look('busy', 'line-editor', 'its line editor does not read: a turn runs');
  return look('unknown', 'no-prompt', 'neither a prompt nor a question is on the last line');
}

/** Its history lies in the agent's folder, so that the worktree stays clean and a restart finds it. Questions about updates and release notes would stand in the way. */
function plan(options: StartOptions, session: readonly string[]): StartPlan {
  const given = optionIn(options.args, '--chat-history-file');
  const history = given || join(options.agentDir, 'aider.chat.history.md');
  const argv = [
    options.program ?? 'aider',
    '--no-check-update',
    '--no-show-release-notes',
    ...(given === null ? ['--chat-history-file', history] : []),
    '--input-history-file',
    join(options.agentDir, 'aider.input.history'),
    ...session,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.args,
  ];
  return { argv, promptTaken: false, conversation: history };
}

/** Aider, from its source and documentation (not measured). `--message` would end it after one turn: the first prompt is typed. */
export const aider: AgentCli = {
  name: 'aider',
  title: 'Aider',
  install: 'python3 -m pip install aider-install && aider-install',
  programs: ['aider'],
  start: (options) => plan(options, []),
  resume: (options) => plan(options, ['--restore-chat-history']),
  look: lookAtAider,
  // `{` alone on the first line opens its own multi-line input.
  guard: guardFor('/!{', false),
  paste: 'bracketed',
  settleMs: 100,
  clear: CLEAR_LINES,
  submit: ['Enter'],
  dialogWords: ['(Y)es/(N)o'],
  events: () => null,
  needsDraftGuard: true,
  asksTerminal: true,
};
