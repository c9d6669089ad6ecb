import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { userStateHome } from '../../store/open.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';

/** What the group and others may do. */
const OTHERS = 0o077;

/** State folders that somebody else can look into: prompts, environments and what was removed lie there. */
export function looseFolders(session: Session): Finding[] {
  return [session.repo.stateDir, userStateHome(session.env)].filter(isLoose).map((folder) => {
    const mode = (lstatSync(folder).mode & 0o777).toString(8).padStart(4, '0');
    return {
      what: `folder ${folder}`,
      found: `others can look into it (mode ${mode})`,
      mend: async () => {
        close(folder, '');
        return `others could look into it (mode ${mode}): now 0700, and 0600 for its files`;
      },
    };
  });
}

function isLoose(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && (stat.mode & OTHERS) !== 0;
}

/** Takes the folder and all below it from everybody else. A worktree that was set aside keeps the modes of its files. */
function close(path: string, inside: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if ((stat.mode & OTHERS) !== 0) chmodSync(path, stat.mode & 0o700);
  if (!stat.isDirectory() || inside === 'trash/worktree') return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below =
      inside === '' && entry.name === 'trash'
        ? 'trash'
        : inside === 'trash' && entry.isDirectory()
          ? 'trash/worktree'
          : inside === ''
            ? 'else'
            : inside;
    close(join(path, entry.name), below);
  }
}
