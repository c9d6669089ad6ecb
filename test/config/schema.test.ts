import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';

test('the committed JSON Schema is current: npm run build && bin/run.js config schema > templates/swarm.schema.json', () => {
  const committed: unknown = JSON.parse(readFileSync('templates/swarm.schema.json', 'utf8'));
  expect(committed).toEqual(configJsonSchema());
});
