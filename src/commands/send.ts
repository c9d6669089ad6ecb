import { Flags } from '@oclif/core';
import { sendPrompt } from '../agents/send.ts';
import { withSession } from '../agents/session.ts';
import { STATUSES } from '../agents/types.ts';
import { takeBackPrompts } from '../agents/unsend.ts';
import { allFlag } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { exitOfSent, renderDelivery, renderTakenBack } from '../cli/deliveries.ts';
import { durationFlag } from '../cli/flags.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../cli/targets.ts';
import { readTextOf } from '../cli/text-input.ts';

export default class Send extends SwarmCommand {
  static override summary = 'Type a prompt into agents and prove that it arrived.';
  static override strict = false;
  static override usage = 'send AGENT.. TEXT [--file FILE] [--all] [--when-idle|--now|--interrupt]';
  static override flags = {
    file: Flags.string({
      char: 'f',
      description: 'Read the prompt from FILE (- is standard input).',
      helpValue: 'FILE',
    }),
    all: allFlag,
    role: Flags.string({ description: 'Agents with this role.' }),
    status: Flags.string({ description: 'Agents with this status.', options: STATUSES, helpValue: 'STATUS' }),
    'when-idle': Flags.boolean({ description: 'Wait for the turn to end (default).', exclusive: ['now', 'interrupt'] }),
    now: Flags.boolean({ description: 'Type although the agent works: its CLI queues it.', exclusive: ['interrupt'] }),
    interrupt: Flags.boolean({ description: 'Interrupt the turn first.' }),
    timeout: durationFlag({ description: 'How long to wait for the agent to be able (then exit 6).', default: '60s' }),
    cancel: Flags.boolean({
      description: 'Take back the prompts that wait for these agents.',
      exclusive: ['file', 'role', 'status', 'when-idle', 'now', 'interrupt', 'raw'],
    }),
    raw: Flags.boolean({ description: 'Send / ! # @ commands as they are, without a guarding space.' }),
  };
  static override examples = [
    '<%= config.bin %> send worker-1 "Also update the changelog."',
    '<%= config.bin %> send --all --file review.md',
    'git diff | <%= config.bin %> send worker-2 --file -',
  ];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Send);
    if (flags.cancel) return this.#cancel(flags.cd, argv.map(String), flags.all);
    const { words, text } = await readTextOf(argv.map(String), flags);
    const mode = flags.interrupt ? 'interrupt' : flags.now ? 'now' : 'when-idle';
    this.working('delivering, once each agent can take it');
    const { deliveries, errors } = await withSession(flags.cd, (session) =>
      sendPrompt(session, {
        words,
        text,
        mode,
        all: flags.all,
        role: flags.role ?? null,
        status: flags.status ?? null,
        timeout: flags.timeout,
        raw: flags.raw,
      }),
    );
    this.answer({ deliveries, errors: errorDocuments(errors, 'send') }, () => {
      tellErrors(errors, 'send');
      return deliveries.map(renderDelivery).join('\n');
    });
    this.exitWith(Math.max(exitOfSent(deliveries), exitOfErrors(errors, 'send')));
  }

  async #cancel(cwd: string, words: readonly string[], all: boolean): Promise<void> {
    const { takenBack, errors } = await withSession(cwd, (session) => takeBackPrompts(session, words, all));
    this.answer({ takenBack, errors: errorDocuments(errors, 'send') }, () => {
      tellErrors(errors, 'send');
      return takenBack.map(renderTakenBack).join('\n');
    });
    this.exitWith(exitOfErrors(errors, 'send'));
  }
}
