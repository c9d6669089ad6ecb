/** Scenarios of the suite that ask for what any server has, or for what ours has. */
export const SCENARIOS: readonly string[] = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'resources-subscribe',
  'resources-unsubscribe',
  'server-sse-multiple-streams',
];

const FIXTURE = 'calls a tool, resource or prompt that only a server made for the suite has';
const HTTP = 'about HTTP, which only the bridge of this script speaks';

/** The others, and why they say nothing of `swarm mcp`. */
export const NOT_APPLICABLE: readonly (readonly [scenario: string, why: string])[] = [
  ['logging-set-level', 'the server sends no log messages (and does not say that it would)'],
  ['completion-complete', 'nothing of it takes completions'],
  ['prompts-list', 'it has no prompts'],
  ...[
    'tools-call-simple-text',
    'tools-call-image',
    'tools-call-audio',
    'tools-call-embedded-resource',
    'tools-call-mixed-content',
    'tools-call-with-logging',
    'tools-call-error',
    'tools-call-with-progress',
    'tools-call-sampling',
    'tools-call-elicitation',
    'json-schema-2020-12',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
    'resources-read-text',
    'resources-read-binary',
    'resources-templates-read',
    'prompts-get-simple',
    'prompts-get-with-args',
    'prompts-get-embedded-resource',
    'prompts-get-with-image',
  ].map((scenario) => [scenario, FIXTURE] as const),
  ['server-sse-polling', HTTP],
  ['dns-rebinding-protection', HTTP],
];
