import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that swarm was installed to: the one with `package.json`, `templates/` and `hooks/`. */
export function packageRoot(): string {
  // The bundle puts this code at different depths, so climb.
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
