import { gemini as api } from '../servers/gemini.ts';
import { tool } from '../servers/turn.ts';
import { DUMMY_KEY, type Profile, QUESTION } from './types.ts';

const settings = {
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: true } },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
};

export const gemini: Profile = {
  name: 'gemini',
  title: 'Gemini CLI',
  package: '@google/gemini-cli',
  version: '0.61.0',
  api,
  seed: () => ({ '.gemini/settings.json': JSON.stringify(settings) }),
  env: (url) => ({ GEMINI_API_KEY: DUMMY_KEY, GOOGLE_GEMINI_BASE_URL: url, GEMINI_TELEMETRY_ENABLED: 'false' }),
  args: [],
  dialogs: ['trust'],
  run: (command) => tool('run_shell_command', { command, description: 'Certify' }),
  ask: tool('ask_user', { questions: [{ ...QUESTION, type: 'choice' }] }),
  mcp: (name, input) => tool(`mcp_swarm_${name}`, input),
  hooks: ['SessionStart', 'BeforeAgent', 'BeforeTool', 'Notification', 'AfterTool', 'AfterAgent'],
  taken: (prompt) => prompt.trim(),
  unwrapped: (received) => received,
  cannot: {},
  notes: ['Gemini CLI takes white space off both ends of a prompt.'],
};
