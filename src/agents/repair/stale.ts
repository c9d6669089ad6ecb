import { rmSync, statSync } from 'node:fs';
import { shellWord } from '../../lib/text.ts';
import { freeStalePorts } from '../../workspace/port-leases.ts';
import { brokenLinks, launchFiles, namesWithFolder } from '../folders.ts';
import { allAgents } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import type { Finding } from './finding.ts';

/** Milliseconds after which a launch file that nobody read belongs to a start that died. */
const LAUNCH_LIFE = 60_000;

/** Leases of agents that no longer exist, in any repository of this user. */
export async function stalePorts(session: Session): Promise<Finding[]> {
  const userDb = await session.userDb();
  const stale = await freeStalePorts(userDb, { dryRun: true });
  return stale.map((port) => ({
    what: `port ${port}`,
    found: 'its agent is gone',
    mend: async () => {
      // Frees all of them at once, each only if it is stale still.
      await freeStalePorts(userDb);
      return 'its agent is gone: freed';
    },
  }));
}

/** Launch files hold an environment; the one who reads them removes them. */
export async function staleLaunchFiles({ repo }: Session): Promise<Finding[]> {
  const files = namesWithFolder(repo).flatMap((name) => launchFiles(agentFolder(repo, { name })));
  const stale = await Promise.all(files.map(isStale));
  return files
    .filter((_, index) => stale[index])
    .map((file) => ({
      what: `launch file ${file}`,
      found: 'nobody read it',
      mend: async () => {
        rmSync(file, { force: true });
        return 'nobody read it: removed';
      },
    }));
}

async function isStale(file: string): Promise<boolean> {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > LAUNCH_LIFE;
}

/** Folders of agents that are gone, and links at former names of such. */
export async function staleFolders({ repo, db }: Session): Promise<Finding[]> {
  const folders = namesWithFolder(repo);
  const links = brokenLinks(repo);
  const names = new Set((await allAgents(db)).map(({ name }) => name));
  return [
    ...folders
      .filter((name) => !names.has(name))
      .map((name) => ({
        what: `folder ${agentFolder(repo, { name })}`,
        found: `its agent is gone; prompts may be in it: rm -r ${shellWord(agentFolder(repo, { name }))}`,
        mend: null,
      })),
    ...links.map((link) => ({
      what: `link ${link}`,
      found: 'was the name of an agent that is gone',
      mend: async () => {
        rmSync(link, { force: true });
        return 'was the name of an agent that is gone: removed';
      },
    })),
  ];
}
