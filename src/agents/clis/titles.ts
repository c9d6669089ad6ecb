/** What an agent CLI says in its pane's title. `asks`: a dialog is open. Null: nothing, or not its own words. */
export type TitleState = 'working' | 'idle' | 'asks' | null;

/** Claude Code, and the scripted agent: a turning spinner or `✳`, which stands there with a dialog open, too (2.1.329). */
export function claudeTitle(title: string): TitleState {
  if (/^[◐◑\u2800-\u28ff]/u.test(title)) return 'working';
  if (/^\[ ! \]/u.test(title)) return 'asks';
  return /^✳ /u.test(title) ? 'idle' : null;
}

/** Codex: a spinner before the folder's name; without one the name alone, which says nothing (0.169.0). */
export function codexTitle(title: string): TitleState {
  if (/^[\u2800-\u28ff]/u.test(title)) return 'working';
  return title.includes('Action Required') ? 'asks' : null;
}

/** Gemini CLI: a sign and words (0.61.0). */
export function geminiTitle(title: string): TitleState {
  if (title.startsWith('✦')) return 'working';
  if (title.startsWith('✋')) return 'asks';
  return title.startsWith('◇') ? 'idle' : null;
}
