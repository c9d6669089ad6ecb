import { Args, Flags } from '@oclif/core';
import type { TaskEdit } from '../board/tasks/edit.ts';

export const taskArg = Args.string({ required: true, description: 'Its id: task-007, or 7.' });

export const attemptFlag = Flags.integer({
  description: 'The attempt that you began, from the claim: a later one stays as it is.',
  helpValue: 'N',
});

/** What a task says, for `add` and `edit`. */
export const wishFlags = {
  // -p as in the seeds (S1-4), -P as in `swarm queue add`.
  priority: Flags.integer({ char: 'p', charAliases: ['P'], description: '1 is first; without one 3.', helpValue: 'N' }),
  depends: Flags.string({
    char: 'd',
    description: 'Wait until this task is done.',
    helpValue: 'ID',
    multiple: true,
    multipleNonGreedy: true,
  }),
  file: Flags.string({ description: 'A file to look at.', helpValue: 'PATH', multiple: true, multipleNonGreedy: true }),
  hints: Flags.string({ description: 'What else helps.', helpValue: 'TEXT' }),
  scope: Flags.string({
    description: 'Files that it changes: no two running tasks overlap.',
    helpValue: 'GLOB',
    multiple: true,
    multipleNonGreedy: true,
  }),
  need: Flags.string({
    description: 'What whoever claims it must be: a role, an agent CLI, or your own word.',
    helpValue: 'WORD',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

interface WishFlags {
  readonly priority: number | undefined;
  readonly depends: string[] | undefined;
  readonly file: string[] | undefined;
  readonly hints: string | undefined;
  readonly scope: string[] | undefined;
  readonly need: string[] | undefined;
}

/** What the flags say of a task; what they don't name stays as it is. An empty word empties a list. */
export function wishOf(flags: WishFlags): TaskEdit {
  const list = (values: string[] | undefined) => values?.filter((value) => value !== '');
  const files = list(flags.file);
  const context = { ...(files && { files }), ...(flags.hints !== undefined && { hints: flags.hints }) };
  return {
    priority: flags.priority,
    dependencies: list(flags.depends),
    scope: list(flags.scope),
    needs: list(flags.need),
    context: Object.keys(context).length === 0 ? undefined : context,
  };
}
