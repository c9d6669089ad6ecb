import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/agents/memory.ts';
import { observe } from '../../src/agents/observe.ts';
import { setStatus } from '../../src/agents/records.ts';
import type { Session } from '../../src/agents/session.ts';
import type { AgentStatus } from '../../src/agents/types.ts';
import { peekRows } from '../../src/store/peek-rows.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { spawnOne } from './support.ts';

const SCRIPT = `
on:
  - { prompt: go, do: [{ wait: 1200ms }, { ask: npm test }, { wait: 1200ms }, { say: Done. }] }
  - { prompt: long, do: [{ wait: 60s }] }
  - { prompt: hang, do: [{ wait: 300ms }, hang] }
  - { prompt: crash, do: [{ wait: 600ms }, crash] }
  - { prompt: leave, do: [{ wait: 600ms }, exit] }
`;
/** Milliseconds without a sign of life after which an agent is stuck. */
const IDLE_TIMEOUT = 4000;
/** Milliseconds for which a status may lag behind. */
const LAG = 1000;

interface Tick {
  readonly at: number;
  readonly truth: AgentStatus;
  readonly status: AgentStatus;
}

/** What a person would say who looks at the scripted agent's window: words that it draws, and whether it lives. */
function truthOf(screen: string, dead: string, stillFor: number): AgentStatus {
  if (dead !== '') return dead === '0' ? 'exited' : 'failed';
  if (screen.includes('Do you want to proceed?')) return 'waiting';
  if (screen.includes('✻ Working…')) return stillFor >= IDLE_TIMEOUT ? 'stuck' : 'working';
  return screen.includes('❯ ') ? 'idle' : 'starting';
}

/** Watches one agent through `observe`, every 100 ms, beside what its window shows. */
function watch(world: World, session: Session, pane: string) {
  const ticks: Tick[] = [];
  const memory = new Memory();
  const ended = new AbortController();
  let done = false;
  let last = { text: '', at: Date.now() };
  const loop = (async () => {
    while (!ended.signal.aborted) {
      const dead = '#{?pane_dead,#{?#{==:#{pane_dead_status},0},0,1},}';
      const { stdout } = await world.tmux([
        'display-message',
        '-p',
        '-t',
        pane,
        dead,
        ';',
        'capture-pane',
        '-p',
        '-t',
        pane,
      ]);
      const at = Date.now();
      const [status = '', ...lines] = stdout.split('\n');
      const text = lines.join('\n');
      if (text !== last.text) last = { text, at };
      const [seen] = await observe(session, undefined, memory);
      const shown = truthOf(text, status, at - last.at);
      if (seen)
        ticks.push({ at, truth: done && shown === 'idle' ? 'done' : shown, status: seen.row.status as AgentStatus });
      await delay(100, undefined, { signal: ended.signal }).catch(() => {});
    }
  })();
  const until = async (wanted: AgentStatus) => {
    const from = ticks.length;
    await waitFor(
      async () => (ticks.slice(from).some(({ status }) => status === wanted) ? true : null),
      `the status ${wanted}`,
    );
  };
  return {
    ticks,
    until,
    keys: (...names: string[]) => world.tmux(['send-keys', '-t', pane, ...names]),
    complete: async () => {
      const [seen] = await observe(session, undefined, memory);
      if (seen) await setStatus(session.db, seen.row, { status: 'done', reason: 'task-001', source: 'swarm' });
      done = true;
    },
    end: async () => {
      ended.abort();
      await loop;
    },
  };
}

/** The longest times for which the status was another one than the truth, in milliseconds; a tick's own length not counted. */
function wrong(ticks: readonly Tick[]): string[] {
  const found: string[] = [];
  let begin: Tick | null = null;
  const longest = Math.max(...ticks.slice(1).map(({ at }, index) => at - (ticks[index]?.at ?? at)));
  for (const tick of ticks) {
    if (tick.status === tick.truth) begin = null;
    else begin ??= tick;
    const lag = begin === null ? 0 : tick.at - begin.at;
    if (lag > LAG + longest) found.push(`${tick.status} for ${lag} ms while ${tick.truth}`);
  }
  return found;
}

const seenIn = (ticks: readonly Tick[]) => [...new Set(ticks.map(({ status }) => status))];

describe('the status of an agent', () => {
  const world = useWorld();
  const open = async (...modes: string[]) => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', `limits: { idle_timeout: ${IDLE_TIMEOUT}ms }\n`);
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    const agent = await spawnOne(world, ['t1', '--no-wait', '--', '--script', script, '--startup', '3000', ...modes]);
    return { pane: agent.tmux.pane ?? '', pid: agent.pid ?? 0 };
  };

  it.each([
    ['with hooks', []],
    ['by its screen alone', ['--hooks', 'false']],
  ])('is right within a second of each change: %s', async (_, modes) => {
    const { pane, pid } = await open(...modes);
    const ticks = await withWorldSession(world, async (session) => {
      const agent = watch(world, session, pane);
      await agent.until('idle');
      await agent.keys('go', 'Enter');
      await agent.until('waiting');
      await delay(1200);
      await agent.keys('1');
      await agent.until('working');
      await agent.until('idle');
      // Esc ends a turn, and no hook tells.
      await agent.keys('long', 'Enter');
      await agent.until('working');
      await delay(1500);
      await agent.keys('Escape');
      await agent.until('idle');
      await agent.complete();
      await delay(500);
      await agent.keys('hang', 'Enter');
      await agent.until('working');
      await agent.until('stuck');
      await delay(1200);
      process.kill(pid, 'SIGKILL');
      await agent.until('failed');
      await agent.end();
      return agent.ticks;
    });
    expect(wrong(ticks)).toEqual([]);
    const all = ['starting', 'idle', 'working', 'waiting', 'done', 'stuck', 'failed'];
    expect(seenIn(ticks).sort()).toEqual(all.sort());
  });

  it.each([
    ['crash', 'failed'],
    ['leave', 'exited'],
  ] as const)('is right when it comes to %s', async (prompt, last) => {
    const { pane } = await open('--hooks', 'false');
    const ticks = await withWorldSession(world, async (session) => {
      const agent = watch(world, session, pane);
      await agent.until('idle');
      await agent.keys(prompt, 'Enter');
      await agent.until(last);
      await agent.end();
      return agent.ticks;
    });
    expect(wrong(ticks)).toEqual([]);
  });

  it('does not fall idle in the moments between two steps', async () => {
    const steps = "for(let i=0;i<8;i++){d('busy now');await t(400);d('> ');await t(120)}d('> over');await t(1e9)";
    const program = `const t=(ms)=>new Promise((r)=>setTimeout(r,ms));const d=(s)=>process.stdout.write('\\x1b[2J\\x1b[H'+s);(async()=>{${steps}})()`;
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const bot = JSON.stringify({ bot: { command: ['node', '-e', program], ready: '^> ', busy: '^busy' } });
    world.write('swarm.local.yaml', `agents: ${bot}\n`);
    await world.swarm(['spawn', 't1', '--agent', 'bot', '--no-wait']);
    await withWorldSession(world, async (session) => {
      const memory = new Memory();
      await waitFor(async () => {
        const [seen] = await observe(session, undefined, memory);
        const over = seen?.screen?.lines.includes('> over') === true;
        return over && seen?.row.status === 'idle' ? true : null;
      }, 'rest');
    });
    const changes = peekRows<{ data: string }>(
      join(world.repo, '.git/swarm'),
      'swarm.db',
      "select data from events where type = 'status' order by id",
    ).map(({ data }) => JSON.parse(data).to);
    expect(changes.slice(changes.indexOf('working'))).toEqual(['working', 'idle']);
  });
});
