import { Args, Flags } from '@oclif/core';
import { settleSpawns } from '../agents/repair/settle.ts';
import { withSession } from '../agents/session.ts';
import { previewSpawn } from '../agents/spawn/preview.ts';
import { withPull } from '../agents/spawn/pull.ts';
import { spawnAgents } from '../agents/spawn/spawn.ts';
import { forTask } from '../agents/spawn/task.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { durationFlag } from '../cli/flags.ts';
import { splitPassing } from '../cli/passing.ts';
import { attachAfterSpawn, exitOfSpawn, renderPreview, renderSpawn, spawnDoor, toDocument } from '../cli/spawn.ts';
import { spawnRequest } from '../cli/spawn-request.ts';
import { seeToTasks } from '../cli/watched.ts';
import { exit } from '../lib/errors.ts';

export default class Spawn extends SwarmCommand {
  static override summary = 'Make agents: worktree, branch, window, ports, and the prompt typed in.';
  static override description =
    'A prompt without a ticket makes a ticket of its first words. With --task, or with neither ticket nor prompt, an agent takes work from the board.';
  static override strict = false;
  static override usage = 'spawn [TICKET..] [-p TEXT] [--agent claude | --agents claude:2,codex:1] [-- ARGS]';
  static override args = {
    ticket: Args.string({ description: 'Names of the work; each gets an agent and a branch.' }),
  };
  static override flags = {
    agent: Flags.string({ description: 'The agent CLI [from config]. ', exclusive: ['agents'] }),
    agents: Flags.string({ description: 'Several per ticket, each on its own branch.', helpValue: 'claude:2,codex:1' }),
    prompt: Flags.string({ char: 'p', description: 'What to do.', exclusive: ['prompt-file'] }),
    'prompt-file': Flags.string({
      char: 'f',
      description: 'Read the prompt from FILE (- is standard input).',
      helpValue: 'FILE',
    }),
    name: Flags.string({ description: 'Call the agent so [worker-N].' }),
    model: Flags.string({ description: 'The model, as the agent CLI takes it.' }),
    base: Flags.string({ description: 'Where the new branch starts [default branch].', helpValue: 'REF' }),
    branch: Flags.string({ description: 'Use or make this branch [from the ticket].' }),
    pr: Flags.integer({
      description: "A pull request's head, through gh.",
      helpValue: 'N',
      min: 1,
      exclusive: ['base'],
    }),
    port: Flags.string({
      description: 'One more port, under this name.',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
    }),
    'no-copy': Flags.boolean({ description: 'Copy no files.' }),
    'no-hooks': Flags.boolean({ description: 'Run no hooks.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's commands for this run." }),
    attach: Flags.boolean({ char: 'a', description: "Go to the agent's window afterwards.", exclusive: ['json'] }),
    'with-changes': Flags.boolean({ description: 'My uncommitted work comes along.' }),
    another: Flags.boolean({ description: 'Although an agent has the ticket already.' }),
    'dry-run': Flags.boolean({ description: 'Say what would be made.' }),
    wait: Flags.boolean({ description: "Wait for the turn's end.", exclusive: ['no-wait'] }),
    'no-wait': Flags.boolean({ description: 'Return once the window is up (and a prompt that must be typed, is).' }),
    timeout: durationFlag({ description: 'How long an agent gets to take its prompt.', default: '60s' }),
    role: Flags.string({ description: 'What it is for: worker, leader, or a word that tasks ask for [worker].' }),
    parent: Flags.string({ hidden: true }),
    task: Flags.string({
      description: 'For this task on the board: claims it, and tells what it says.',
      helpValue: 'ID',
      exclusive: ['agents', 'pr'],
    }),
    budget: Flags.string({ hidden: true }),
  };
  static override examples = [
    '<%= config.bin %> spawn ticket-42 -p "Fix the login redirect"',
    '<%= config.bin %> spawn ticket-42 --agents claude:2,codex:1 -f prompt.md',
    '<%= config.bin %> spawn a b c -p "See the issue named like your branch" --no-wait',
    '<%= config.bin %> spawn --task task-003',
    '<%= config.bin %> spawn --pr 7 -p "Answer the review"',
    '<%= config.bin %> spawn ticket-42 -- --permission-mode plan',
  ];

  override async run(): Promise<void> {
    const line = splitPassing(this.argv);
    const { argv, flags } = await this.parse(Spawn, line.own);
    const result = await withSession(flags.cd, async (session) => {
      const door = spawnDoor(this.wantsJson, this.working('making agents'));
      const asked = spawnRequest(session, argv.map(String), flags, line);
      const plain = flags.task === undefined ? asked : await forTask(session, asked, flags.task);
      const how = { fetch: !flags['dry-run'], tell: door.tell };
      const request = flags.pr === undefined ? plain : await withPull(session, plain, flags.pr, how);
      if (flags['dry-run']) return previewSpawn(session, request);
      await settleSpawns(session, request.tickets, door.tell);
      const spawned = await spawnAgents(session, request, door);
      await seeToTasks(session, door.tell);
      return spawned;
    });
    if ('plans' in result) return this.answer({ ...result }, () => renderPreview(result));
    this.answer(toDocument(result), () => renderSpawn(result));
    const attached = flags.attach ? await attachAfterSpawn(flags.cd, result, this.wantsJson) : exit.done;
    this.exitWith(Math.max(exitOfSpawn(result), attached));
  }
}
