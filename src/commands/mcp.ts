import { Flags } from '@oclif/core';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { UserError } from '../lib/errors.ts';

export default class Mcp extends SwarmCommand {
  static override summary = 'Serve the board to an agent CLI: MCP on standard input and output.';
  static override description =
    'Agents that swarm starts are connected to it already, and known by their token. Without a name you are the person, who leads.';
  static override flags = {
    as: Flags.string({
      description: 'Join the team under this name: for an agent CLI that you started yourself.',
      helpValue: 'NAME',
    }),
  };
  static override examples = ['claude mcp add swarm -- <%= config.bin %> mcp --as terminal-2'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Mcp);
    // What speaks the protocol is loaded while git says where we are.
    const loading = import('../mcp/serve.ts');
    loading.catch(() => {});
    try {
      await withSession(flags.cd, async (session) => (await loading).serveMcp(session, flags.as ?? null));
    } catch (error) {
      // Who waits on the other end of the pipe must hear of it, too.
      if (error instanceof UserError && !this.wantsJson) await (await import('../mcp/refuse.ts')).refuse(error);
      throw error;
    }
  }
}
