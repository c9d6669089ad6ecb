import { Args, Flags } from '@oclif/core';
import { addMemory } from '../../board/memory.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { kindFlag, renderKept } from '../../cli/memory.ts';

export default class MemoryAdd extends SwarmCommand {
  static override summary = 'Keep something in mind, for yourself or for the team.';
  static override description =
    'Agents are told what the team and they themselves know when they start. Without --own or --team an agent keeps it for itself, anybody else for the team.';
  static override args = { text: Args.string({ required: true, description: 'What is worth knowing later.' }) };
  static override flags = {
    kind: kindFlag({ default: 'discoveries' as const }),
    team: Flags.boolean({ description: 'For everybody.', exclusive: ['own'] }),
    own: Flags.boolean({ description: 'For yourself.' }),
    task: Flags.string({ description: 'The task that it is about.', helpValue: 'TASK' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> memory add "The tests need Redis on port 6380." --team',
    '<%= config.bin %> memory add "REST, not GraphQL" --kind decisions',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryAdd);
    const { kind, task } = flags;
    const memory = await withBoard(flags, async (board, me) => {
      const team = flags.team || (!flags.own && me.kind !== 'agent');
      const taskId = await fullTaskId(board, task);
      return addMemory(board, me, { kind, text: args.text, team, taskId });
    });
    this.answer({ memory }, () => renderKept(memory));
  }
}
