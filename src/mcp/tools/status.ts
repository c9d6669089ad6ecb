import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { allAgents } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';

const statusOutput = z.object({
  agents: z.array(z.object({ name: z.string(), role: z.string(), status: z.string() })),
});

/** `get_status`: how far the team is. */
export function addStatusTools(server: McpServer, session: Session): void {
  server.registerTool(
    'get_status',
    {
      title: 'Progress of the team',
      description: 'Who is in the team and how each is doing.',
      inputSchema: z.object({}),
      outputSchema: statusOutput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async () => {
      const agents = (await allAgents(session.db)).map(({ name, role, status }) => ({ name, role, status }));
      return {
        content: [{ type: 'text', text: agents.map(({ name, status }) => `${name} ${status}`).join('\n') }],
        structuredContent: { agents },
      };
    },
  );
}
