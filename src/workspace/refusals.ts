import { exit, UserError } from '../lib/errors.ts';
import type { ConsentItem } from './consent.ts';
import { describeItem } from './consent-text.ts';

/** Nobody was asked and nobody agreed. */
export function consentRequired(pending: readonly ConsentItem[]): UserError {
  const what = pending.map(({ key }) => key).join(', ');
  return new UserError({
    code: 'CONSENT_REQUIRED',
    exit: exit.refused,
    message: `The repository's config wants to run commands that you have not approved (${what}), and there is no terminal to ask in.`,
    hint: 'To run them this once, add --yes. To read and approve them for good, in a terminal of yours: swarm trust',
    details: { commands: pending.map(describeItem) },
  });
}

/** Somebody was asked and did not agree. */
export function consentDeclined(pending: readonly ConsentItem[]): UserError {
  return new UserError({
    code: 'CONSENT_DECLINED',
    exit: exit.refused,
    message: 'Not approved: nothing was run.',
    hint: 'To read the commands again: swarm trust',
    details: { commands: pending.map(describeItem) },
  });
}
