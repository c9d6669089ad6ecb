import { Args, Flags } from '@oclif/core';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderApproved, renderTrust, trustAsker } from '../cli/trust.ts';
import { jsonOnlyWithList, reviewConsent, revokeConsent, trustState } from '../workspace/trust.ts';

export default class Trust extends SwarmCommand {
  static override summary = "Read and approve the commands that the repository's config names.";
  static override description =
    "What a tracked swarm.yaml names (hooks, dev, tickets, merge.gate, approvals, agents' commands, panes) runs only after your consent. " +
    'Consent is to the very text, and to the scripts of the repository that it starts: a change asks again. It is given in a terminal, never by an agent.';
  static override strict = false;
  static override args = {
    key: Args.string({ description: 'With --revoke: keys to take consent back from (hooks, dev.command); else all.' }),
  };
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Show the commands and approve them without a question.' }),
    list: Flags.boolean({ description: 'List what is approved and what waits.', exclusive: ['yes', 'revoke'] }),
    revoke: Flags.boolean({ description: 'Take consent back.', exclusive: ['yes'] }),
  };
  static override examples = [
    '<%= config.bin %> trust',
    '<%= config.bin %> trust --list',
    '<%= config.bin %> trust --revoke hooks',
  ];

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Trust);
    const env = process.env;
    if (flags.list) {
      const state = await trustState(flags.cd, env);
      return this.answer({ ...state }, () => renderTrust(state));
    }
    if (this.wantsJson) throw jsonOnlyWithList();
    if (flags.revoke) {
      const revoked = await revokeConsent(flags.cd, argv.map(String));
      return this.answer({ revoked }, () => `Consents taken back: ${revoked}`);
    }
    const approved = await reviewConsent({ cwd: flags.cd, env, ask: trustAsker(flags.yes) });
    this.answer({}, () => renderApproved(approved));
  }
}
