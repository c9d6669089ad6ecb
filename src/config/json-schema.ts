import * as z from 'zod/mini';
import { layerSchema } from './schema.ts';

/** The JSON Schema of swarm.yaml, for editors. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(layerSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    title: 'swarm.yaml',
    description: 'The config of swarm, a terminal session manager for teams of coding agents.',
    ...schema,
  };
}
