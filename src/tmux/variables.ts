import type { TmuxClient } from './client.ts';

/** `NAME="value"; export NAME;`, with what means something to a shell escaped (cmd-show-environment.c). */
const LINE = /^([^\n="]+)="((?:[^"\\]|\\.)*)"; export \1;$/gms;

/** The environment that the server gives to a new window: that of whoever started it. */
export async function serverVariables(client: TmuxClient): Promise<Record<string, string>> {
  const text = await client.run(['show-environment', '-g', '-s']);
  const found = [...text.matchAll(LINE)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value.replace(/\\(.)/gs, '$1')]));
}
