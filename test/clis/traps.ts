export const RULE = '─'.repeat(120);

export interface Parts {
  readonly above?: readonly string[];
  readonly box?: readonly string[];
  readonly footer?: readonly string[];
}

const claudeScreen = ({ above = [], box = ['❯ '], footer = ['  ? for shortcuts'] }: Parts) =>
  [...above, '', RULE, ...box, RULE, ...footer].join('\n');
const codexScreen = ({ above = [], box = ['› Ask Codex to do anything'], footer }: Parts) =>
  [...above, '', '', ...box, '', ...(footer ?? ['  gpt-x default · /repo', '  ← for agents · ? for shortcuts'])].join(
    '\n',
  );
const geminiScreen = ({ above = [], box = [' >   Type your message or @path/to/file'] }: Parts) =>
  [...above, '', `${' '.repeat(104)}? for shortcuts`, RULE, ' Shift+Tab to accept edits', '', ...box, '']
    .concat([
      ' workspace (/directory)          branch          sandbox',
      ' /repo                           main            none',
    ])
    .join('\n');
const opencodeScreen = ({
  above = [],
  box = ['  ┃  Ask anything… "Fix broken tests"'],
  footer = ['   /repo   1K (1%)'],
}: Parts) =>
  [...above, '', '  ┃', ...box, '  ┃', '  ┃  Build · Model', `  ╹${'▀'.repeat(100)}`, ...footer, ''].join('\n');

/** A screen of each CLI at rest, from its parts. */
export const SCREENS = {
  claude: claudeScreen,
  scripted: claudeScreen,
  codex: codexScreen,
  gemini: geminiScreen,
  opencode: opencodeScreen,
};
export type Tui = keyof typeof SCREENS;
export const TUIS: readonly Tui[] = ['claude', 'scripted', 'codex', 'gemini', 'opencode'];

/** How each CLI shows what its agent says, and what the user said. */
const PROSE: Readonly<Record<Tui, (text: string) => string[]>> = {
  claude: (text) => [`● ${text}`, '', '✻ Worked for 1m 52s · done 11:13 AM'],
  scripted: (text) => [`● ${text}`],
  codex: (text) => [`• ${text}`, '', '  Worked for 1s • 11:27'],
  gemini: (text) => [`✦ ${text}`],
  opencode: (text) => [`     ${text}`, '', '     ▣  Build · Model · 3.0s'],
};
const PROMPTED: Readonly<Record<Tui, (text: string) => string[]>> = {
  claude: (text) => [`❯ ${text}`],
  scripted: (text) => [`❯ ${text}`],
  codex: (text) => [`› ${text}`],
  gemini: (text) => [` > ${text}`],
  opencode: (text) => ['  ┃', `  ┃  ${text}`, '  ┃'],
};

/** What an agent or a user may say that reads like a dialog or like work: other managers took each for one. */
const WORDS = [
  'All 42 tests are running green now',
  'Would you like me to also add docs?',
  'Do you want to proceed?',
  'Press Esc to cancel, or wait…',
  'It says: esc to interrupt',
  'Working (3s • esc to interrupt)',
  'Thinking... (esc to cancel, 3s)',
  'Press enter to confirm or esc to cancel',
  'esc interrupt',
  'Queued (press ↑ to edit): nothing',
  'API Error: 400 is what the handler returns',
  '1. Yes 2. No',
];

/** A screen that was never recorded, and what it must be read as. */
export interface TrapScreen {
  readonly name: string;
  readonly cli: Tui;
  readonly text: string;
}

/** Each CLI at rest below each of those words: none of them works, asks, or has a draft. */
export function trapScreens(): TrapScreen[] {
  return TUIS.flatMap((cli) =>
    WORDS.flatMap((words) => [
      {
        name: `${cli} says: ${words}`,
        cli,
        text: SCREENS[cli]({ above: [...PROMPTED[cli]('go'), '', ...PROSE[cli](words)] }),
      },
      {
        name: `${cli} was told: ${words}`,
        cli,
        text: SCREENS[cli]({ above: [...PROMPTED[cli](words), '', ...PROSE[cli]('Done.')] }),
      },
    ]),
  );
}
