/** What stands in a secret's place. */
export const REDACTED = '[redacted]';

/** Characters of one text that are kept; the rest is told by its size. */
const MOST_CHARACTERS = 2000;
/** Entries of a list or an object that are kept, and how deep they may lie in each other. */
const MOST_ENTRIES = 100;
const MOST_DEPTH = 8;

/** Words in a name that make its value a secret: `API_KEY`, `apiKey`, `x-api-key`. A plural counts things: `max_tokens`. */
const SECRET_WORDS =
  'pass(?:word|wd|phrase)|secret|credential|token(?!s|[-_]?(?:count|limit|usage|type|budget|iz))|(?:api|access|private|signing|encryption|account|auth|session)[-_]?key|connection[-_]?string';
const SECRET_NAME = new RegExp(`${SECRET_WORDS}|^(?:pwd|dsn|cookie|set-cookie|(?:proxy-)?authorization)$`, 'iu');

/** Values that only name a secret, or say what type it has: worth reading, and worth nothing to a thief. */
const HARMLESS =
  /^(?:<.*>|string|number|boolean|bool|str|int|null|undefined|none|nil|true|false|\*+|process\.env\S*|os\.(?:environ|getenv)\S*|import\.meta\S*)$/iu;
/** A shell's variable or command, which a shell leaves alone in single quotes. */
const REFERENCE = /^\$(?:\w+$|\{\w+\}$|\(|\{\{)/u;

/** Secrets that are known by their own form. */
const FORMS: readonly RegExp[] = [
  // To the end of the text where the end of the block was cut off.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/gu,
  /\bsk-[A-Za-z0-9_-]{16,}/gu,
  /\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/gu,
  /\bgh[oprsu]_[A-Za-z0-9]{20,}/gu,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/gu,
  /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{16,}/gu,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/gu,
  /\bxapp-[A-Za-z0-9-]{10,}/gu,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/gu,
  /\bAIza[A-Za-z0-9_-]{30,}/gu,
  /\bya29\.[A-Za-z0-9_-]{16,}/gu,
  /\b(?:npm|hf|gsk|xai|dop_v1|doo_v1|shpat|shpss|pplx|r8|figd|ntn|lin_api|PMAK|glc|sntrys|tfp)[_-][A-Za-z0-9_-]{16,}/gu,
  /\bpypi-[A-Za-z0-9_-]{16,}/gu,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/gu,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/gu,
  /\bhttps:\/\/hooks\.slack\.com\/[A-Za-z0-9_/-]+/gu,
];

/** Secrets that are known by what stands before them. `$1` is that, and stays. */
const PLACES: readonly RegExp[] = [
  /((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest|apikey)\s+)?)(?!\$|\[redacted|(?:bearer|basic|token|digest|apikey)\s)[^\s"',;]+/giu,
  /(\bbearer\s+)(?!\$|<|\[redacted)[A-Za-z0-9._~+/=-]{12,}/giu,
  /((?:set-)?cookie["']?:\s*)(?!\$)[^\n"']+/giu,
  // The password of an address, or a token in the user's place.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:)(?!\$)[^\s/@"']{1,500}(?=@)/giu,
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)(?!\$)[^\s/:@"']{20,500}(?=@)/giu,
  /([?&](?:[\w-]{0,40}(?:token|secret|password|signature|credential)|[\w-]{0,40}api[-_]?key|key|sig|code)=)(?!\$)[^\s&"'#]+/giu,
  // curl's and wget's user with a password.
  /((?:^|\s)(?:-u|--user)[\s=]+["']?[^\s:"']{1,100}:)(?!\$)[^\s"']+/gu,
];

const NAME = `[\\w-]{0,60}?(?:${SECRET_WORDS})[\\w-]{0,30}`;
const VALUE = `("(?:[^"\\\\\n]|\\\\.){0,4000}"|'[^'\n]{0,4000}'|\\$\\{\\w+\\}|[^\\s"',;&|)}\\]]{1,4000})`;
/** `NAME=value`, `"name": "value"`, `name: value`, `--name value`. */
const ASSIGNMENT = new RegExp(`(?<!\\w)(${NAME}["']?\\s{0,3}(?::=|=>|[:=])\\s{0,3})${VALUE}`, 'giu');
const OPTION = new RegExp(`(?<![\\w-])(--?${NAME}\\s{1,3})(?!-)${VALUE}`, 'giu');

/** A line of an environment file. */
const ENV_LINE = /^(\s*(?:export\s+)?[A-Za-z_]\w*\s*=[ \t]*)(?![ \t]*$)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\n]+)/gmu;
const ENV_FILE = /(?:^|[/\\])\.env(?:\.[\w.-]+)?$|\.env$/u;

/** A text without what looks like a secret: keys, tokens, passwords, private keys. What it leaves out is marked. */
export function redact(text: string): string {
  let shown = text;
  for (const form of FORMS) shown = shown.replace(form, REDACTED);
  for (const place of PLACES) shown = shown.replace(place, `$1${REDACTED}`);
  return shown.replace(ASSIGNMENT, hideValue).replace(OPTION, hideValue);
}

function hideValue(all: string, before: string, value: string): string {
  const quote = /^["']/u.exec(value)?.[0] ?? '';
  const bare = quote === '' ? value : value.slice(1, -1);
  if (bare === '' || bare.startsWith('[redacted') || HARMLESS.test(bare)) return all;
  if (quote !== "'" && REFERENCE.test(bare)) return all;
  return `${before}${quote}${REDACTED}${quote}`;
}

/**
 * Any JSON without secrets and of a bounded size: values by their names and their forms, long texts cut with their size
 * said, long lists cut. What goes into an environment file is kept by its names only.
 */
export function redactValue(value: unknown): unknown {
  return clean(value, 0, false);
}

/** A text without secrets, cut to what a log may hold. */
export function redactText(text: string, most: number = MOST_CHARACTERS): string {
  return shorten(redact(text), most);
}

function clean(value: unknown, depth: number, env: boolean): unknown {
  if (typeof value === 'string') return redactText(env ? value.replace(ENV_LINE, `$1${REDACTED}`) : value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MOST_DEPTH) return '[…]';
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST_ENTRIES).map((entry) => clean(entry, depth + 1, env));
    return value.length > MOST_ENTRIES ? [...kept, `… ${value.length - MOST_ENTRIES} more`] : kept;
  }
  const entries = Object.entries(value);
  const inEnv = env || entries.some(([name, path]) => /path|file/iu.test(name) && isEnvFile(path));
  const kept = entries.slice(0, MOST_ENTRIES).map(([name, entry]) => {
    const secret = typeof entry === 'string' && entry !== '' && SECRET_NAME.test(name) && !HARMLESS.test(entry);
    return [name, secret ? REDACTED : clean(entry, depth + 1, inEnv)] as const;
  });
  const left = entries.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ['…', `${left} more`] as const] : kept);
}

const isEnvFile = (path: unknown) => typeof path === 'string' && ENV_FILE.test(path);

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  // Never half of a surrogate pair.
  const end = /[\ud800-\udbff]$/u.test(text.slice(0, most)) ? most - 1 : most;
  return `${text.slice(0, end)}… [${text.length} characters]`;
}
