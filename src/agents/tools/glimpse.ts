import { closeSync, openSync, readSync } from 'node:fs';
import type { SpoolEntry } from '../events.ts';

/** Bytes at either end of a hook's file that are looked at. */
const BYTES = 4096;
const FIELDS = ['session_id', 'cwd', 'tool_name', 'tool_use_id'];

/** What can be told of a hook's call that is too large to be read: the fields at its ends. Null when it isn't too large. */
export function glimpse({ file, size }: Pick<SpoolEntry, 'file' | 'size'>): Record<string, string> | null {
  if (size < BYTES * 2) return null;
  const ends = `${piece(file, 0)}\n${piece(file, size - BYTES)}`;
  const found = FIELDS.flatMap((name): [string, string][] => {
    const value = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'u').exec(ends)?.[1];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

function piece(file: string, from: number): string {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(BYTES);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, BYTES, from));
  } finally {
    closeSync(fd);
  }
}
