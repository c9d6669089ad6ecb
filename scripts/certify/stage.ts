import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findProgram } from '../../src/agents/clis/program.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { nodeFolder, type Result } from '../../test/support/program.ts';
import { type Watch, watchConnections } from './connections.ts';
import type { Installed } from './install.ts';
import { type Barrier, openBarrier } from './outside.ts';
import type { Profile } from './profiles/types.ts';
import { type ModelServer, openServer } from './servers/server.ts';

/** Where one agent CLI is certified: a machine of its own, a model server that does what it is told, and no way out. */
export interface Stage {
  readonly profile: Profile;
  readonly world: World;
  readonly server: ModelServer;
  readonly barrier: Barrier;
  readonly watch: Watch;
  /** Runs swarm to its end, with the CLI on the PATH and nothing of this machine's environment. */
  swarm(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>;
  /** A prompt's marker that no other has. */
  marker(): string;
  /** Names of the hook events that the agent's CLI reported. */
  spooled(agent: string): string[];
  /** Where the agent's CLI reports to; only its processes carry it in their environment. */
  spool(agent: string): string;
  /** Ends all of it. @throws when a process outlives it. */
  close(): Promise<void>;
}

/** Sets the stage in a folder of its own in `runs`. */
export async function setStage(profile: Profile, { programs, beside }: Installed, runs: string): Promise<Stage> {
  mkdirSync(runs, { recursive: true });
  process.env['TMPDIR'] = runs;
  const world = await makeWorld({ repoName: 'shop' });
  const server = await openServer(profile.api);
  const barrier = await openBarrier();
  const watch = watchConnections('SWARM_STATE_HOME', world.env['SWARM_STATE_HOME'] ?? '');
  for (const [path, content] of Object.entries(profile.seed(server.url))) {
    const file = join(world.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  if (beside !== null) cpSync(beside, join(world.home, profile.beside?.folder ?? ''), { recursive: true });
  const env = { ...barrier.env, ...profile.env(server.url), PATH: searchPath(world, programs) };
  let markers = 0;
  let closed = false;
  const running = new Set<Promise<unknown>>();
  const swarm: Stage['swarm'] = async (args, more = {}) => {
    if (closed) throw new Error('the stage is closed');
    const result = world.swarm(args, { env: { ...env, ...more } });
    running.add(result);
    return result.finally(() => running.delete(result));
  };
  const spool = (agent: string) => join(world.repo, '.git', 'swarm', 'agents', agent, 'events');
  return {
    profile,
    world,
    server,
    barrier,
    watch,
    swarm,
    marker: () => `certify-${++markers}`,
    spool,
    spooled: (agent) => readdirSync(spool(agent)).flatMap((name) => /^\d+-(\w+?)(?:-x)*\.json$/u.exec(name)?.[1] ?? []),
    close: async () => {
      // What still runs would open another tmux server.
      closed = true;
      await Promise.allSettled(running);
      await watch.stop();
      await server.close();
      await barrier.close();
      await world.dispose();
    },
  };
}

/** Only what swarm needs: an agent CLI that is installed on this machine must not be found instead. */
function searchPath(world: World, programs: string): string {
  const needed = ['git', 'tmux'].flatMap((name) => {
    const file = findProgram(name, process.env);
    return file === null ? [] : [dirname(file)];
  });
  return [...new Set([programs, world.bin, nodeFolder, ...needed, '/usr/bin', '/bin'])].join(delimiter);
}
