/** The variable by which `git -c` reaches the git processes below; git reads it after all of its config files. */
export const PARAMETERS = 'GIT_CONFIG_PARAMETERS';

/**
 * A key and its value as git reads them from GIT_CONFIG_PARAMETERS. (GIT_CONFIG_COUNT and its like take several
 * variables; programs that clean the environment of what is called KEY leave half of them, and then no git works.)
 */
export function configParameter(key: string, value: string): string {
  return `${quoted(key)}=${quoted(value)}`;
}

/** As git's own sq_quote does: one word for a shell, and for git. */
function quoted(text: string): string {
  return `'${text.replace(/['!]/g, (char) => `'\\${char}'`)}'`;
}

/** The keys that have git read a file of config in repositories whose git folder is `folder` or below it. */
export function includeIn(folder: string): string[] {
  const place = folder.replace(/[\\*?[]/g, '\\$&');
  // With a slash at its end the place itself (the main worktree's own git folder) is not meant.
  return [place, `${place}/`].map((pattern) => `includeIf.gitdir:${pattern}.path`);
}

/** A section of a config file. */
export function configSection(name: string, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${configValue(value)}\n`);
  return `[${name}]\n${lines.join('')}`;
}

function configValue(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
