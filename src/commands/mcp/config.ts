import { Args, Flags } from '@oclif/core';
import { mcpConnection } from '../../agents/mcp-config.ts';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderMcpConnection } from '../../cli/mcp.ts';

export default class McpConfig extends SwarmCommand {
  static override summary = 'Print what an agent CLI needs to connect to the board.';
  static override description =
    'For a CLI that you started yourself: the command that tells it, or the lines of its settings. Agents that swarm starts are connected already; named here, an agent gets what would connect it as itself.';
  static override args = {
    agent: Args.string({ required: true, description: 'claude, codex, gemini or opencode; or the name of an agent.' }),
  };
  static override flags = {
    as: Flags.string({
      description: 'The name under which it joins the team; without, it speaks as you.',
      helpValue: 'NAME',
    }),
  };
  static override examples = [
    '<%= config.bin %> mcp config claude --as terminal-2',
    '<%= config.bin %> mcp config opencode --as terminal-3 > opencode.json',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(McpConfig);
    const mcp = await withSession(flags.cd, (session) => mcpConnection(session, args.agent, flags.as ?? null));
    this.answer({ mcp }, () => renderMcpConnection(mcp));
  }
}
