/**
 * Variables that say which repository, index or objects git means (`git rev-parse --local-env-vars` without the two
 * that carry configuration), how it reads paths, and for what it was called. git sets them for its hooks and aliases:
 * they must not lead swarm, nor what it starts, to another repository.
 */
const OF_ONE_CALL = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_CONFIG',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_QUARANTINE_PATH',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_REFLOG_ACTION',
]);

/** What a person's diffs look like: theirs everywhere, but swarm could not read them. */
const LOOKS = new Set(['GIT_EXTERNAL_DIFF', 'GIT_DIFF_OPTS']);

/** The caller's environment without what leads git to the repository that the caller is in. */
export function withoutRepository(own: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !OF_ONE_CALL.has(name)) env[name] = value;
  }
  return env;
}

/**
 * No lock for what is only a refresh (an agent's own `git add` must never find one of ours), no questions on the
 * terminal, and messages in the language that the parsers know. SWARM_GIT tells hooks/git that it isn't an agent's git.
 */
const FIXED = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', SWARM_GIT: '1' } as const;

/** The environment of every git process. `operation` is the journal's id: repair finds children that outlived swarm by it. */
export function gitEnv(
  own: Readonly<NodeJS.ProcessEnv>,
  extra: Readonly<Record<string, string>>,
  operation: string | null,
): Record<string, string> {
  const env = Object.fromEntries(Object.entries(withoutRepository(own)).filter(([name]) => !LOOKS.has(name)));
  return { ...env, ...FIXED, ...(operation === null ? {} : { SWARM_OP: operation }), ...extra };
}
