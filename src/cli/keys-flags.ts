import { Flags } from '@oclif/core';

/** What `swarm keys` shares. */
export const fileFlag = Flags.string({
  description: 'A tmux configuration elsewhere, that yours reads.',
  helpValue: 'FILE',
});

export const statusFlag = Flags.boolean({
  description: 'Show the states in the status line and on windows.',
  default: true,
  allowNo: true,
});
