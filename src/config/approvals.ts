/** What a rule of `approvals` is about: a command line, or what the word before its colon says. */
export type RuleKind = 'command' | 'edit' | 'read' | 'fetch' | 'tool';

export interface ApprovalRule {
  readonly kind: RuleKind;
  readonly pattern: string;
}

/** Completes "expected …". */
export const APPROVAL =
  "an approval: a command line ('npm test', 'git diff *'), or edit:, read:, fetch:, tool: and a pattern ('edit: src/**')";

/** Reads one entry: `git diff *`, `edit: src/**`. */
export function readRule(text: string): ApprovalRule {
  const [, kind, pattern] = /^(command|edit|read|fetch|tool):\s*(.*)$/su.exec(text.trim()) ?? [];
  return kind === undefined || pattern === undefined
    ? { kind: 'command', pattern: text.trim() }
    : { kind: kind as RuleKind, pattern: pattern.trim() };
}

/** Whether an entry can be meant: one line that says something. */
export function isRule(text: string): boolean {
  return readRule(text).pattern !== '' && !/\p{Cc}/u.test(text);
}

/** Whether an entry may allow something: it names a program, a path inside the worktree, a host, a tool. */
export function mayAllow(text: string): boolean {
  const { kind, pattern } = readRule(text);
  switch (kind) {
    case 'command':
    case 'tool':
      return !pattern.startsWith('*');
    case 'edit':
    case 'read':
      return !/^[/~!\\]/u.test(pattern) && !pattern.split(/[/\\]/u).includes('..');
    case 'fetch':
      return /^https?:\/\/[\w.-]+(?::\d+)?\//u.test(pattern);
  }
}
