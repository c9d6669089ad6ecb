import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../src/process/run.ts';
import { nodeFolder } from '../../test/support/program.ts';
import type { Profile } from './profiles/types.ts';

const manifest = z.looseObject({ version: z.string() });

/** Where an installed agent CLI is. */
export interface Installed {
  /** The folder of its program. */
  readonly programs: string;
  /** What goes into its home ({@link Profile.beside}); null for nothing. */
  readonly beside: string | null;
}

/** Installs the CLI from npm, unless that very version is there. */
export async function install(profile: Profile, dir: string): Promise<Installed> {
  const { name, beside } = profile;
  const folder = await installed(profile, join(dir, 'clis', `${name}-${profile.version}`));
  return {
    programs: join(folder, 'node_modules', '.bin'),
    beside:
      beside === undefined ? null : await installed(beside, join(dir, 'clis', `${name}-beside-${beside.version}`)),
  };
}

/** The folder into which npm has installed this version of a package: the given one. */
export async function installed(wanted: Pick<Profile, 'package' | 'version'>, folder: string): Promise<string> {
  const file = join(folder, 'node_modules', wanted.package, 'package.json');
  const there = existsSync(file) ? manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version : null;
  if (there === wanted.version) return folder;
  const what = `${wanted.package}@${wanted.version}`;
  process.stderr.write(`installing ${what} into ${folder} …\n`);
  mkdirSync(folder, { recursive: true });
  // Without a manifest of its own npm would install into a folder above.
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const npm = ['npm', 'install', '--no-audit', '--no-fund', '--prefix', folder, what];
  // An older Node would silently get an older version of what asks for a newer one.
  const env = { ...process.env, PATH: `${nodeFolder}:${process.env['PATH'] ?? ''}` };
  const { exitCode, stderr } = await run(npm, { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`${npm.join(' ')} ended with ${exitCode}: ${stderr}`);
  return folder;
}
