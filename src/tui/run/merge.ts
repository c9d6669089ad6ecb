import type { Prediction } from '../../git/merge-tree.ts';
import { oneLine } from '../../lib/text.ts';
import type { Contender } from '../../merge/compare.ts';
import type { NextSteps } from '../../merge/next-steps.ts';
import type { MergeResult } from '../../merge/types.ts';
import type { AgentRow } from '../../store/schema.ts';
import { done, inJob, type Outcome, told, wrong } from './job.ts';
import type { Stage } from './stage.ts';

/** Files that are named in a question or a notice. */
const FILES = 8;

/** Tries in memory what merging an agent's work would come to, shows it, and asks. What does the work is loaded here. */
export function askMerge(stage: Stage, row: AgentRow): Promise<void> {
  return inJob(stage, `trying the merge of ${row.name}`, async () => {
    const { compareAgents } = await import('../../merge/compare.ts');
    const { hasEnded } = await import('../../agents/rest.ts');
    const door = { yes: false, ask: null, tell: () => {} };
    const [seen] = await compareAgents(stage.session, [row.name], { into: null, gate: false }, door);
    if (seen === undefined || seen.merge === null)
      return { notice: wrong(`${row.name} has no branch to merge`), undo: null };
    if (seen.merge === 'nothing') return nothing(seen);
    if (seen.merge === 'conflict') return { notice: conflict(seen), undo: null };
    const gate = stage.session.config.merge.gate;
    // The answer is waited for beside this job, which has found out what it was to find out.
    void stage
      .ask(`Merge ${row.name} into ${seen.into}?`, outlook(seen, hasEnded(seen.status), gate !== null), 'merge')
      .then(async (agreed) => {
        if (agreed) await merge(stage, row);
      });
    return { notice: null, undo: null };
  });
}

function outlook(seen: Contender, rests: boolean, gated: boolean): string[] {
  const { commits, files, insertions, deletions, uncommitted, gate, agent, into, status } = seen;
  const lines = insertions === null ? '' : `, +${insertions} -${deletions ?? 0}`;
  const count = (n: number | null, word: string) => `${n ?? '?'} ${word}${n === 1 ? '' : 's'}`;
  const passed = gate === null ? 'is run first' : `${gate.state} with exactly this, and is run again`;
  return [
    `Git can merge it: ${count(commits, 'commit')}, ${count(files, 'file')}${lines}.`,
    ...(uncommitted ? [`${count(uncommitted, 'file')} not committed: commit first (c).`] : []),
    ...(rests ? [] : [`${agent} is ${status}: it must rest.`]),
    gated ? `The gate ${passed}; ${into} moves only if it passes.` : 'There is no gate: nothing tests it.',
    `Then ${agent} is removed; swarm restore brings it back.`,
  ];
}

function nothing({ agent, into, uncommitted }: Contender): Outcome {
  const words = `${agent} has no commit that ${into} lacks`;
  if (!uncommitted) return done(words);
  const what = uncommitted === 1 ? '1 file that is' : `${uncommitted} files that are`;
  return { notice: wrong(`${words}, but ${what} not committed: commit first (c)`), undo: null };
}

function conflict({ agent, into, conflicts }: Contender) {
  const more = conflicts.length > FILES ? [`… and ${conflicts.length - FILES} more`] : [];
  const lines = [`${agent} can't be merged into ${into}:`, ...conflicts.slice(0, FILES).map((file) => oneLine(file))];
  return wrong([...lines, ...more].join('\n'), `swarm merge ${agent} --rework`);
}

function merge(stage: Stage, row: AgentRow): Promise<void> {
  return inJob(stage, `merging ${row.name}`, async (door) => {
    const { mergeAgent } = await import('../../merge/merge.ts');
    const options = { into: null, strategy: null, message: null, keep: false, gate: true };
    const result = await mergeAgent(stage.session, row, options, { yes: false, ...door });
    const { nextSteps } = await import('../../merge/next-steps.ts');
    return cameTo(result, await nextSteps(stage.session, row, result, { into: null, rework: false }));
  });
}

function cameTo({ agent, into, state, commit, reason, files, removed, notes }: MergeResult, next: NextSteps): Outcome {
  const more = notes.map((note) => oneLine(note));
  if (state === 'merged') {
    const words = `${agent} is merged into ${into} (${commit?.slice(0, 9)})${removed ? ', and removed' : ''}`;
    const undo = removed ? ({ what: 'remove', names: [agent] } as const) : null;
    return { notice: told([words, ...more].join('\n')), undo };
  }
  if (state === 'nothing') return done(`${agent} has no commit that ${into} lacks`);
  const lines = [`${agent} is not merged into ${into}: ${reason ?? state}`, ...files.slice(0, FILES), ...more];
  return { notice: wrong(lines.join('\n'), next.commands[0] ?? null), undo: null };
}

function foreseen(prediction: Prediction, into: string): string {
  if (prediction.state === 'conflict') {
    const more = prediction.files.length > FILES ? ` and ${prediction.files.length - FILES} more` : '';
    return `It can't be merged into ${into} as it is: ${prediction.files
      .slice(0, FILES)
      .map((file) => oneLine(file))
      .join(', ')}${more}`;
  }
  if (prediction.state === 'unrelated') return `It has no history in common with ${into}.`;
  return `Git can merge it into ${into}, as that was last fetched.`;
}

/** Shows the pull request that an agent's work would make, and asks. Where gh is missing, the commands to type are told. */
export function askPull(stage: Stage, row: AgentRow): Promise<void> {
  return inJob(stage, `looking at what ${row.name} would propose`, async () => {
    const { commandsOf, foreseePull, openPull, planPull } = await import('../../merge/pull-request.ts');
    const wish = { into: null, remote: null, title: null, body: null, draft: false, now: false };
    const plan = await planPull(stage.session, row, wish);
    const lines = [
      `${plan.head} to ${plan.into}, by ${plan.remote}: ${oneLine(plan.title)}`,
      foreseen(await foreseePull(stage.session, plan), plan.into),
      ...plan.body.split('\n').slice(0, FILES),
      `By hand, or with your own words: swarm pr ${row.name} --edit`,
    ];
    void stage.ask(`Push ${row.name} and open a pull request?`, lines, 'push and open it').then(async (agreed) => {
      if (!agreed) return;
      await inJob(stage, `pushing ${row.name}`, async () => {
        const { state, url } = await openPull(stage.session, row, plan);
        if (state === 'commands') {
          const typed = ['gh is not on the PATH, and nothing was pushed. By hand:', ...commandsOf(plan)];
          return { notice: told(typed.join('\n')), undo: null };
        }
        return done(`${row.name}: the pull request is ${state}${url === null ? '' : `: ${url}`}`);
      });
    });
    return { notice: null, undo: null };
  });
}
