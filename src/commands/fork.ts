import { Args, Flags } from '@oclif/core';
import { forkAgent } from '../agents/life/fork.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { durationFlag } from '../cli/flags.ts';
import { exitOfSpawn, renderSpawn, spawnDoor, toDocument } from '../cli/spawn.ts';

export default class Fork extends SwarmCommand {
  static override summary = "Make a new agent from another one's branch and uncommitted work.";
  static override args = {
    agent: agentArg,
    ticket: Args.string({ required: true, description: 'Names the new branch.' }),
  };
  static override flags = {
    prompt: Flags.string({ char: 'p', description: 'What the new agent shall do.' }),
    name: Flags.string({ description: 'Call the agent so [worker-N].' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's commands for this run." }),
    timeout: durationFlag({ description: 'How long the agent gets to take its prompt.', default: '60s' }),
  };
  static override examples = ['<%= config.bin %> fork worker-1 other-way -p "Try it with a queue instead"'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Fork);
    const { prompt = null, name = null, yes, timeout } = flags;
    const options = { prompt, name, yes, timeout, wait: 'delivered' } as const;
    const result = await withAgent(flags.cd, args.agent, (session, row) =>
      forkAgent(session, row, args.ticket, options, spawnDoor(this.wantsJson, this.working(`forking ${args.agent}`))),
    );
    this.answer(toDocument(result), () => renderSpawn(result));
    this.exitWith(exitOfSpawn(result));
  }
}
