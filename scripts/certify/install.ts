import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../src/process/run.ts';
import { nodeFolder } from '../../test/support/program.ts';
import type { Profile } from './profiles/types.ts';

const manifest = z.looseObject({ version: z.string() });

/** The folder with the CLI's program; installed from npm unless that very version is there. */
export async function install({ name, package: pack, version }: Profile, dir: string): Promise<string> {
  const folder = join(dir, 'clis', `${name}-${version}`);
  const programs = join(folder, 'node_modules', '.bin');
  const file = join(folder, 'node_modules', pack, 'package.json');
  const there = existsSync(file) ? manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version : null;
  if (there === version && existsSync(join(programs, name))) return programs;
  process.stderr.write(`installing ${pack}@${version} into ${folder} …\n`);
  mkdirSync(folder, { recursive: true });
  // Without a manifest of its own npm would install into a folder above.
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const npm = ['npm', 'install', '--no-audit', '--no-fund', '--prefix', folder, `${pack}@${version}`];
  // An older Node would silently get an older version of what asks for a newer one.
  const env = { ...process.env, PATH: `${nodeFolder}:${process.env['PATH'] ?? ''}` };
  const { exitCode, stderr } = await run(npm, { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`${npm.join(' ')} ended with ${exitCode}: ${stderr}`);
  return programs;
}
