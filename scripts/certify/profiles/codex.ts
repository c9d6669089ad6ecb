import { openai } from '../servers/openai.ts';
import { tool } from '../servers/turn.ts';
import { DUMMY_KEY, type Profile, QUESTION } from './types.ts';

const config = (url: string) => `model = "certified"
model_provider = "certified"
check_for_update_on_startup = false
[model_providers.certified]
name = "certified"
base_url = "${url}/v1"
env_key = "CERTIFIED_KEY"
wire_api = "responses"
[analytics]
enabled = false
[features]
default_mode_request_user_input = true
`;

export const codex: Profile = {
  name: 'codex',
  title: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  api: openai,
  seed: (url) => ({ '.codex/config.toml': config(url) }),
  env: () => ({ CERTIFIED_KEY: DUMMY_KEY }),
  args: [],
  dialogs: ['trust'],
  run: (command) =>
    tool('exec_command', { cmd: command, sandbox_permissions: 'require_escalated', justification: 'To certify it.' }),
  ask: tool('request_user_input', { questions: [{ id: 'colour', ...QUESTION }] }),
  mcp: (name, input) => ({ as: 'tool', name, input, namespace: 'mcp__swarm' }),
  hooks: ['Notify'],
  taken: (prompt) => prompt.trim(),
  unwrapped: (received) => received,
  cannot: {},
  notes: [
    'Codex takes white space off both ends of a prompt.',
    'Codex asks questions outside of its plan mode only with `features.default_mode_request_user_input`.',
  ],
};
