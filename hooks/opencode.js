// OpenCode's plugin that reports what an agent does, as the hooks of other agent CLIs do: one event of OpenCode's, one call
// of hooks/report. OpenCode loads it into its own process; swarm names it in OPENCODE_CONFIG_CONTENT (src/agents/clis/opencode.ts).
import { spawn } from 'node:child_process';

/** Without the folder that takes events (somebody else's OpenCode) nothing is reported. */
export const Swarm = async () => {
  const { SWARM_HOOK: hook, SWARM_SPOOL: spool } = process.env;
  if (!hook || !spool) return {};

  let last = Promise.resolve();
  const call = (event, payload) =>
    new Promise((resolve) => {
      const child = spawn(hook, ['', event], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.on('error', resolve);
      child.on('close', resolve);
      child.stdin.on('error', () => {});
      child.stdin.end(JSON.stringify(payload));
    });
  // One after the other: events must keep their order. Nobody waits for it.
  const report = (event, payload) => {
    last = last.then(() => call(event, payload));
  };

  /** Sessions that the agent itself opened: of their turns only what waits for a person counts. */
  const children = new Set();
  const onEvent = ({ type, properties }) => {
    const session_id = properties?.sessionID ?? properties?.info?.id;
    if (type === 'session.created' && properties?.info?.parentID) children.add(session_id);
    if (type === 'permission.asked') report('Permission', { session_id: null, tool: properties?.permission });
    if (type === 'question.asked') report('Question', { session_id: null });
    if (children.has(session_id)) return;
    if (type === 'permission.replied' || /^question\.(?:replied|rejected)$/.test(type)) report('Busy', { session_id });
    if (type === 'session.status') report(properties?.status?.type === 'idle' ? 'Idle' : 'Busy', { session_id });
  };
  const toolCall = (call) => ({ session_id: call?.sessionID, tool_use_id: call?.callID, tool_name: call?.tool });
  const typed = ({ type, text, synthetic }) => (type === 'text' && !synthetic && typeof text === 'string' ? text : []);

  return {
    event: async ({ event }) => onEvent(event),
    'chat.message': async ({ sessionID: session_id }, { parts }) => {
      if (!children.has(session_id)) report('Prompt', { session_id, prompt: parts.flatMap(typed).join('\n') });
    },
    'tool.execute.before': async (call, output) => {
      report('PreToolUse', { ...toolCall(call), tool_input: output?.args });
    },
    'tool.execute.after': async (call, output) => {
      report('PostToolUse', { ...toolCall(call), output_size: output?.output?.length });
    },
  };
};
