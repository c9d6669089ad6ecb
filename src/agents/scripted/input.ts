/** What a person, or tmux in their name, did at the keyboard. */
export type Input =
  | { readonly type: 'text'; readonly text: string }
  /** A bracketed paste, exactly as it came. */
  | { readonly type: 'paste'; readonly text: string }
  /** `newline`: LF, Alt-Enter, Shift-Enter. Unknown sequences are no input. */
  | { readonly type: 'key'; readonly key: Key };

export type Key =
  | 'enter'
  | 'newline'
  | 'escape'
  | 'backspace'
  | 'tab'
  | 'up'
  | 'down'
  | 'C-c'
  | 'C-d'
  | 'C-u'
  | 'other';

/** Where the reading of the byte stream stands. */
export interface Decoder {
  /** Bytes that are not understood yet: the start of a sequence or of a character. */
  readonly rest: Buffer;
  /** What a paste has brought so far; null outside one. */
  readonly paste: readonly Buffer[] | null;
}

export interface Decoded {
  readonly decoder: Decoder;
  readonly inputs: readonly Input[];
}

const ESC = 0x1b;
const PASTE_END = Buffer.from('\u001b[201~');
const NOTHING = Buffer.alloc(0);

export const newDecoder: Decoder = { rest: NOTHING, paste: null };

const KEYS: Readonly<Record<number, Key>> = {
  3: 'C-c',
  4: 'C-d',
  8: 'backspace',
  9: 'tab',
  10: 'newline',
  13: 'enter',
  21: 'C-u',
  127: 'backspace',
};

/** CSI sequences without their introducer; the last two are Enter with Shift and with Alt in the kitty protocol. */
const SEQUENCES: Readonly<Record<string, Key>> = { A: 'up', B: 'down', '13;2u': 'newline', '13;3u': 'newline' };

/** Reads the next bytes of the terminal, however they are cut into chunks. */
export function decode(decoder: Decoder, chunk: Uint8Array): Decoded {
  const inputs: Input[] = [];
  let { paste } = decoder;
  let data = Buffer.concat([decoder.rest, chunk]);
  for (;;) {
    if (paste) {
      const end = data.indexOf(PASTE_END);
      if (end < 0) {
        // Held back: what may be the beginning of the end.
        const cut = Math.max(0, data.length - PASTE_END.length + 1);
        return { decoder: { rest: data.subarray(cut), paste: [...paste, data.subarray(0, cut)] }, inputs };
      }
      inputs.push({ type: 'paste', text: Buffer.concat([...paste, data.subarray(0, end)]).toString('utf8') });
      paste = null;
      data = data.subarray(end + PASTE_END.length);
    }
    const used = plain(data, inputs);
    data = data.subarray(used.length);
    if (!used.pasteBegins) return { decoder: { rest: data, paste: null }, inputs };
    paste = [];
  }
}

/** Nothing followed for a while: a lone ESC was the key. */
export function flush(decoder: Decoder): Decoded {
  if (decoder.paste || decoder.rest.length !== 1 || decoder.rest[0] !== ESC) return { decoder, inputs: [] };
  return { decoder: newDecoder, inputs: [{ type: 'key', key: 'escape' }] };
}

/** Whether {@link flush} may have something to say. */
export function isPending(decoder: Decoder): boolean {
  return decoder.paste === null && decoder.rest[0] === ESC;
}

/** Reads keys and text up to the end, to something unfinished, or to the start of a paste. */
function plain(data: Buffer, inputs: Input[]): { length: number; pasteBegins: boolean } {
  let at = 0;
  while (at < data.length) {
    const byte = data[at] ?? 0;
    if (byte === ESC) {
      const found = sequence(data.subarray(at));
      if (found === null) break;
      at += found.length;
      if (found.name === '200~') return { length: at, pasteBegins: true };
      if (found.key) inputs.push({ type: 'key', key: found.key });
    } else if (isControl(byte)) {
      inputs.push({ type: 'key', key: KEYS[byte] ?? 'other' });
      at++;
    } else {
      let end = at + 1;
      while (end < data.length && !isControl(data[end] ?? 0)) end++;
      if (end === data.length) end -= unfinished(data.subarray(at));
      if (end > at) inputs.push({ type: 'text', text: data.toString('utf8', at, end) });
      if (end === at || end === data.length) return { length: end, pasteBegins: false };
      at = end;
    }
  }
  return { length: at, pasteBegins: false };
}

interface Sequence {
  readonly length: number;
  readonly name: string | null;
  readonly key: Key | null;
}

/** The escape sequence at the start of `data`; null while it is unfinished. */
function sequence(data: Buffer): Sequence | null {
  const next = data[1];
  if (next === undefined) return null;
  if (next === 0x0d || next === 0x0a) return { length: 2, name: null, key: 'newline' };
  if (next === 0x4f) {
    const name = data[2];
    return name === undefined ? null : { length: 3, name: null, key: SEQUENCES[String.fromCharCode(name)] ?? 'other' };
  }
  if (next !== 0x5b) return { length: 1, name: null, key: 'escape' };
  let end = 2;
  while (end < data.length && !isFinal(data[end] ?? 0)) end++;
  if (end === data.length) return null;
  const name = data.toString('latin1', 2, end + 1);
  return { length: end + 1, name, key: SEQUENCES[name] ?? null };
}

function isFinal(byte: number): boolean {
  return byte >= 0x40 && byte <= 0x7e;
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

/** How many bytes at the end begin a UTF-8 character that isn't complete. */
function unfinished(data: Buffer): number {
  for (let back = 1; back <= Math.min(3, data.length); back++) {
    const byte = data[data.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}
