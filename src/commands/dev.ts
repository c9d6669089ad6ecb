import { Flags } from '@oclif/core';
import { approveCommands } from '../agents/consent.ts';
import { type DevServer, startDev, stopDev } from '../agents/dev.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { durationFlag } from '../cli/flags.ts';
import { spawnDoor } from '../cli/spawn.ts';

export default class Dev extends SwarmCommand {
  static override summary = "Start an agent's dev server in a second pane, with its port.";
  static override args = { agent: agentArg };
  static override flags = {
    stop: Flags.boolean({ description: 'End it.' }),
    yes: Flags.boolean({ char: 'y', description: 'Agree to dev.command for this run.' }),
    timeout: durationFlag({ description: 'How long it gets to listen.', default: '60s' }),
  };
  static override examples = ['<%= config.bin %> dev worker-1', '<%= config.bin %> dev worker-1 --stop'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Dev);
    const dev = await withAgent(flags.cd, args.agent, async (session, row) => {
      if (flags.stop) return stopDev(session, row);
      const shown = this.working(`starting the dev server of ${row.name}`);
      const { ask } = spawnDoor(this.wantsJson, shown);
      const approved = await approveCommands(session, ['dev'], { yes: flags.yes, ask });
      return startDev(session, row, approved, flags.timeout);
    });
    this.answer({ dev }, () => renderDev(dev));
  }
}

function renderDev({ agent, listening, pane, url }: DevServer): string {
  if (listening) return `${agent} listens on ${url}`;
  if (pane === null) return `${agent}: dev server ended`;
  return `${agent}: dev server started; without a port nothing can tell whether it listens`;
}
