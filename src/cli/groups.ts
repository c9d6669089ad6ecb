/** The commands in the order in which somebody meets them. One that isn't listed shows under `More`. */
export const groups: readonly (readonly [title: string, commands: readonly string[]])[] = [
  ['Start', ['init', 'doctor', 'demo', 'spawn', 'adopt']],
  ['See', ['ls', 'status', 'attach', 'tui', 'capture', 'output', 'diff', 'ports', 'log', 'stats', 'tree']],
  ['Talk', ['send', 'wait', 'approve', 'msg', 'ask', 'answer']],
  ['Work in a worktree', ['exec', 'dev', 'open', 'path', 'shell', 'copy']],
  ['Lifecycle', ['pause', 'resume', 'restart', 'stop', 'rename', 'fork', 'rm', 'restore', 'up', 'down']],
  ['Plan', ['task', 'memory', 'plan', 'run', 'lead', 'workflow', 'budget']],
  ['Bring together', ['conflicts', 'checkpoint', 'compare', 'pick', 'merge', 'queue', 'pr']],
  ['Safety and settings', ['trust', 'repair', 'config', 'keys', 'completion', 'mcp', 'metrics']],
];
