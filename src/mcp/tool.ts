import type { CallToolResult, McpServer, ServerContext, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { beginCall, type Call } from './call.ts';
import type { Door } from './door.ts';
import { failure } from './failure.ts';

type Frozen<T> = T extends readonly (infer One)[]
  ? readonly Frozen<One>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** What a tool answers: for programs, and in a few words for models that read only text. */
interface Answer<Result> {
  readonly result: Frozen<Result>;
  readonly text: string;
}

interface ToolOf<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For the model: when to call it, and what it does. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: ToolAnnotations;
  /** Only leaders see it; the board itself refuses others as well. */
  readonly leaders?: true;
  run(call: Call, args: z.infer<Input>): Promise<Answer<z.infer<Output>>>;
}

export interface Tool {
  readonly name: string;
  readonly leaders: boolean;
  /** Registers it with a server. */
  add(server: McpServer, door: Door): void;
}

/** Nothing but the board is touched, and nothing on it is destroyed. */
const AT_HOME = { destructiveHint: false, openWorldHint: false } as const;

/** A tool that only looks. */
export const READS: ToolAnnotations = { ...AT_HOME, readOnlyHint: true, idempotentHint: true };
/** A tool that writes; twice is not the same as once. */
export const WRITES: ToolAnnotations = { ...AT_HOME, readOnlyHint: false, idempotentHint: false };
/** A tool that writes; twice is the same as once. */
export const SETS: ToolAnnotations = { ...AT_HOME, readOnlyHint: false, idempotentHint: true };

/** Makes a tool of its parts. What it throws becomes an answer that says what happened and what to do next. */
export function tool<Input extends z.ZodObject, Output extends z.ZodObject>(parts: ToolOf<Input, Output>): Tool {
  const { name, title, description, input, output, annotations, leaders = false } = parts;
  const answer = async (door: Door, args: z.infer<Input>, ctx: ServerContext): Promise<CallToolResult> => {
    try {
      const call = await beginCall(door, name, ctx);
      const { result, text } = await parts.run(call, args);
      // Some CLIs show a model only the texts (Gemini CLI, OpenCode), others only the structure (Claude Code).
      const content = [text, JSON.stringify(result)].map((one) => ({ type: 'text' as const, text: one }));
      call.answered();
      return { content, structuredContent: result };
    } catch (error) {
      return failure(error);
    }
  };
  return {
    name,
    leaders,
    add: (server, door) => {
      const config = { title, description, inputSchema: input, outputSchema: output, annotations };
      server.registerTool<Output, Input>(name, config, ((args: z.infer<Input>, ctx: ServerContext) =>
        answer(door, args, ctx)) as never);
    },
  };
}
