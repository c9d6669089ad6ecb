import { Flags } from '@oclif/core';
import { followLog } from '../agents/log/follow.ts';
import { logQuery, readLog } from '../agents/log/log.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { wordsOf } from '../cli/flags.ts';
import { renderLog, showLog, sinceWhen, tellOlder } from '../cli/log.ts';
import { exit } from '../lib/errors.ts';

export default class Log extends SwarmCommand {
  static override summary = 'Show what happened: every event of the session, and the agents’ tool calls.';
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'Stay, and show what comes; with --json a line for each event.' }),
    agent: Flags.string({ description: 'Only of this agent (or of whoever had that name).', helpValue: 'NAME' }),
    since: Flags.string({ description: 'Only from then on: 10m, 2h, or a time.', helpValue: 'WHEN' }),
    type: Flags.string({ description: 'Only these types; task means task-done, too.', helpValue: 'TYPE,..' }),
    tools: Flags.boolean({ description: "The agents' tool calls, too." }),
    lines: Flags.integer({
      char: 'n',
      description: 'The last N only. [100, with --since all]',
      helpValue: 'N',
      min: 0,
    }),
  };
  static override examples = [
    '<%= config.bin %> log --since 1h',
    '<%= config.bin %> log -f --tools --agent worker-1',
    '<%= config.bin %> log --type task,message --json',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Log);
    const since = flags.since === undefined ? null : sinceWhen(flags.since);
    const most = flags.lines ?? (since === null ? 100 : Number.MAX_SAFE_INTEGER);
    const types = flags.type === undefined ? null : wordsOf(flags.type);
    const options = { agent: flags.agent ?? null, since, types, tools: flags.tools, most };
    await withSession(flags.cd, async (session) => {
      const query = await logQuery(session, options);
      if (flags.follow) {
        await followLog(session, query, this.interrupt, showLog(this.wantsJson));
        return this.exitWith(exit.interrupted);
      }
      const { events } = await readLog(session, query);
      if (events.length < most) tellOlder(session, since);
      this.answer({ events }, () => renderLog(events));
    });
  }
}
