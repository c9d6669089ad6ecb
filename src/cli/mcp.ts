import type { McpConnection } from '../agents/mcp-config.ts';

/** What to run, where one command does it; else what to write into the CLI's settings. */
export function renderMcpConnection({ add, settings }: McpConnection): string {
  return add ?? JSON.stringify(settings.content, null, 2);
}
