import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import { rememberTokenHash, tokenHash } from '../../src/board/proof.ts';
import { want } from '../../src/supervisor/wanted.ts';
import { entry, nodeFolder } from '../support/program.ts';
import { withWorldSession } from '../support/session.ts';
import type { World } from '../support/world.ts';

/** A connection of the official client to `swarm mcp`. */
export interface Connection {
  readonly client: Client;
  /** What the server said on stderr so far. */
  stderr(): string;
}

export interface McpOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Speaks the protocol of 2026, without a handshake; default: that of 2025. */
  readonly modern?: boolean;
}

/** Starts `swarm mcp` in the world's repository and runs `work` with a client that speaks to it. */
export async function withMcp<T>(
  world: World,
  { args = [], env = {}, modern = false }: McpOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const transport = new StdioClientTransport({
    command: join(nodeFolder, 'node'),
    args: [entry, 'mcp', ...args],
    env: { ...world.env, ...env },
    cwd: world.repo,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const versionNegotiation = modern ? { mode: { pin: '2026-07-28' } } : {};
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation });
  try {
    await client.connect(transport);
    return await work({ client, stderr: () => stderr });
  } finally {
    await client.close();
  }
}

/**
 * Gives an agent a token that the test knows: its MCP server is the test's. Nobody keeps watch over its screen, which
 * knows nothing of that.
 */
export async function takePlaceOf(world: World, { id, name }: { id: string; name: string }): Promise<string> {
  const token = `token of ${name}`;
  await withWorldSession(world, async ({ db }) => {
    await rememberTokenHash(db, id, tokenHash(token));
    await want(db, false);
  });
  return token;
}

/** What a tool answers; the client holds it to the tool's own schema. @throws when the tool fails. */
export async function use<T = Record<string, unknown>>(client: Client, name: string, args: object = {}): Promise<T> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...args } });
  if (isError) throw new Error(`${name}: ${JSON.stringify(content)}`);
  const texts = content.flatMap((block) => (block.type === 'text' ? block.text : []));
  // For clients that show a model only texts.
  expect(JSON.parse(texts.at(-1) ?? '')).toEqual(structuredContent);
  return structuredContent as T;
}

/** What a tool says that refuses: its code, and all of its text. */
export async function refusal(
  client: Client,
  name: string,
  args: object = {},
): Promise<{ readonly code: string | null; readonly text: string }> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...args } });
  const texts = content.flatMap((block) => (block.type === 'text' ? block.text : []));
  const text = texts[0] ?? '';
  if (!isError) throw new Error(`${name} did not refuse: ${text}`);
  expect(text).not.toMatch(/\n\s+at /u);
  // Clients hold it to the schema of what went well.
  expect(structuredContent).toBeUndefined();
  const { error } = JSON.parse(texts[1] ?? '{}') as { error?: { code: string } };
  return { code: error?.code ?? null, text };
}

/** What a client is told that asks a server which refuses it, and how the server ends. */
export async function refusedMcp(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly stderr: string; readonly error: unknown }> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const request = { jsonrpc: '2.0', id: 1, method: 'initialize', params };
  const { exitCode, stdout, stderr } = await world.swarm(['mcp', ...args], {
    env,
    input: `${JSON.stringify(request)}\n`,
  });
  const { error } = JSON.parse(stdout || '{}') as { error?: unknown };
  return { exitCode, stderr, error };
}
