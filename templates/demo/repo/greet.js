import { readFileSync } from 'node:fs';

const settings = readFileSync(new URL('.env', import.meta.url), 'utf8');
const greeting = /^GREETING=(.*)$/m.exec(settings)?.[1] ?? 'Hi';

export function greet(name) {
  return `${greeting}, ${name}!`;
}
