import { openai } from '../servers/openai.ts';
import { tool } from '../servers/turn.ts';
import { DUMMY_KEY, type Profile, QUESTION } from './types.ts';

const config = (url: string) => ({
  $schema: 'https://opencode.ai/config.json',
  provider: {
    certified: {
      npm: '@ai-sdk/openai',
      name: 'Certified',
      options: { baseURL: `${url}/v1`, apiKey: DUMMY_KEY },
      models: { certified: { name: 'Certified', limit: { context: 200_000, output: 8000 } } },
    },
  },
  model: 'certified/certified',
  small_model: 'certified/certified',
  enabled_providers: ['certified'],
  autoupdate: false,
  share: 'disabled',
  permission: { bash: 'ask', edit: 'ask' },
});

export const opencode: Profile = {
  name: 'opencode',
  title: 'OpenCode',
  package: 'opencode-ai',
  version: '1.18.33',
  // It installs this at its first start, and its first turn waits for that.
  beside: { package: '@opencode-ai/plugin', version: '1.18.33', folder: '.config/opencode' },
  api: openai,
  seed: (url) => ({ '.config/opencode/opencode.json': JSON.stringify(config(url)) }),
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_SHARE: '1',
  }),
  args: [],
  dialogs: [],
  run: (command) => tool('bash', { command, description: 'Certify' }),
  ask: tool('question', { questions: [QUESTION] }),
  mcp: (name, input) => tool(`swarm_${name}`, input),
  hooks: ['Prompt', 'Busy', 'Permission', 'Question', 'Idle'],
  taken: (prompt) => prompt,
  unwrapped: (received) => (received.includes('\n') ? received.replace(/ $/u, '') : received),
  cannot: {
    'its own dialogs are seen': 'OpenCode asks neither about trust nor about anything else at its start.',
    'its own dialogs are answered': 'OpenCode asks neither about trust nor about anything else at its start.',
  },
  notes: ['OpenCode puts a space behind a prompt of several lines.'],
};
