import { Flags } from '@oclif/core';
import { agentsOf } from '../agents/list.ts';
import { pickAgents } from '../agents/pick.ts';
import { withSession } from '../agents/session.ts';
import { WAITABLE, waitFor } from '../agents/wait.ts';
import { allFlag } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { listFlag, optionalDurationFlag, wordsOf } from '../cli/flags.ts';
import { oneLine } from '../lib/text.ts';

export default class Wait extends SwarmCommand {
  static override summary = 'Wait until agents are idle, done, waiting for a person, or gone.';
  static override strict = false;
  static override usage = 'wait AGENT.. [--for idle,done] [--timeout 5m] [--any]';
  static override flags = {
    for: listFlag({ name: 'for', description: 'What to wait for.', of: WAITABLE, default: 'idle,done' }),
    timeout: optionalDurationFlag({ description: 'Give up after so long (exit 6).' }),
    any: Flags.boolean({ description: 'One of them is enough.' }),
    all: allFlag,
  };
  static override examples = [
    '<%= config.bin %> wait worker-1 --timeout 10m',
    '<%= config.bin %> wait --all --any --for waiting',
  ];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Wait);
    this.working(`waiting for ${flags.for.replaceAll(',', ' or ')}`);
    const agents = await withSession(flags.cd, async (session) => {
      const { rows, errors } = await pickAgents(session, argv.map(String), {
        all: flags.all,
        prefix: true,
        several: true,
      });
      // Who isn't there can't be waited for.
      if (errors[0]) throw errors[0].error;
      return agentsOf(
        session,
        await waitFor(session, rows, {
          for: wordsOf(flags.for),
          any: flags.any,
          timeout: flags.timeout ?? null,
        }),
      );
    });
    this.answer({ agents }, () =>
      agents.map(({ name, status, reason }) => oneLine(`${name} ${status}: ${reason ?? ''}`)).join('\n'),
    );
  }
}
