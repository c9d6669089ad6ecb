/** Tells swarm what happens, as the hooks of a real agent CLI do. */
export interface Reporter {
  /** In the order of the calls; never fails, and nobody waits for it. */
  report(event: string, payload: Readonly<Record<string, unknown>>): void;
  /** Resolves when everything was reported, or after `most` milliseconds. */
  settled(most: number): Promise<void>;
}

export interface Common {
  readonly sessionId: string;
  readonly transcript: string;
}

/** Reports through the program that SWARM_HOOK names into the folder of SWARM_SPOOL; without both, to nobody. */
export function openReporter(env: NodeJS.ProcessEnv, wanted: boolean, common: Common): Reporter {
  const hook = env['SWARM_HOOK'];
  const spool = env['SWARM_SPOOL'];
  if (!wanted || !hook || !spool) return { report: () => {}, settled: async () => {} };
  let last: Promise<unknown> = Promise.resolve();
  return {
    report: (event, payload) => {
      const input = JSON.stringify({
        session_id: common.sessionId,
        transcript_path: common.transcript,
        cwd: process.cwd(),
        hook_event_name: event,
        ...payload,
      });
      last = last.then(async () => {
        const { run } = await import('../../process/run.ts');
        await run(['/bin/sh', hook, spool, event], { input, timeout: 5000 }).catch(() => {});
      });
    },
    settled: async (most) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, most);
      });
      await Promise.race([last, late]);
      clearTimeout(timer);
    },
  };
}
