import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Mcp extends SwarmCommand {
  static override summary = 'Serve the board to an agent CLI: MCP on standard input and output.';
  static override description = 'Agent CLIs start it themselves. It ends when its input does.';
  static override examples = ['claude mcp add swarm -- <%= config.bin %> mcp'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Mcp);
    // What speaks the protocol is loaded while git says where we are.
    const loading = import('../mcp/serve.ts');
    loading.catch(() => {});
    await withSession(flags.cd, async (session) => (await loading).serveMcp(session));
  }
}
