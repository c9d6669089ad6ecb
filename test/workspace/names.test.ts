import { describe, expect, test } from 'vitest';
import { findRepository } from '../../src/git/repository.ts';
import { branchForTicket, requireBranchName, safeName, ticketSlug, uniqueBranch } from '../../src/workspace/names.ts';
import { refusal, useGround } from '../git/ground.ts';

describe('names from tickets', () => {
  const world = useGround();
  const branch = async (ticket: string | null, template = '{{ticket}}') =>
    branchForTicket(await findRepository(world.repo), { template, ticket, agent: 'worker-1' });

  test.each([
    ['ticket-42', 'ticket-42'],
    ['#42', '42'],
    ['feature/login page', 'feature/login-page'],
    ['a b', 'a-b'],
    ['v1.2.3', 'v1.2.3'],
    ['-x', 'x'],
    ['--force', 'force'],
    ['a..b', 'a.b'],
    ['x.lock', 'x'],
    ['a.lock/b.lock.lock', 'a/b'],
    ['/a//b/', 'a/b'],
    ['.hidden', 'hidden'],
    ['Grüße an Zoë', 'Grüße-an-Zoë'],
    ['修复登录', '修复登录'],
    ['bug 🐝 now', 'bug-now'],
    ["x'; touch pwn; echo '", 'x-touch-pwn-echo'],
    ['a~1^2:3?*[x]\\y@{1}', 'a-1-2-3-x/y@-1'],
    ['red\u001b[31m', 'red'],
    ['a\tb\nc', 'a-b-c'],
    ['e\u0301', 'é'],
  ])('%j becomes %j', async (ticket, wanted) => {
    expect(await branch(ticket)).toBe(wanted);
  });

  test.each(['HEAD', '@', 'FETCH_HEAD', 'head', 'refs/heads/x', '---', '...', '/', ' ', '🐝', 'a'.repeat(40)])(
    '%j is refused in words',
    async (ticket) => {
      const error = await refusal(branch(ticket));
      expect(error).toMatchObject({ code: 'BAD_TICKET', exit: 2 });
      expect(error.hint).toContain('--branch ');
    },
  );

  test('300 characters are cut to a name that stays its own', async () => {
    const one = await branch('x'.repeat(300));
    const other = await branch(`${'x'.repeat(299)}y`);
    expect(one).toMatch(/^x+-[0-9a-f]{6}$/);
    expect(one).not.toBe(other);
    for (const name of [one, await branch('修'.repeat(300)), await branch('🐝é'.repeat(200))]) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
      await world.git(['branch', name]);
    }
  });

  test('the template puts ticket and agent in; without a ticket the agent’s name stands for it', async () => {
    expect(await branch('fix it', 'swarm/{{agent}}/{{ticket}}')).toBe('swarm/worker-1/fix-it');
    expect(await branch(null)).toBe('worker-1');
    expect(await refusal(branch('x', '{{nope}}'))).toMatchObject({ exit: 2 });
    expect(await refusal(branch('x', '-{{ticket}}'))).toMatchObject({ code: 'BAD_TICKET' });
  });

  test('a chosen branch is taken as it is or refused, never bent', async () => {
    const repo = await findRepository(world.repo);
    expect(await requireBranchName(repo, 'Über/ä')).toBe('Über/ä');
    for (const name of ['-b', 'HEAD', '@', 'a b', 'a..b', 'refs/heads/x', 'x'.repeat(250), '@{-1}']) {
      const error = await refusal(requireBranchName(repo, name));
      expect(error).toMatchObject({ code: 'BAD_BRANCH', exit: 2 });
    }
    expect((await refusal(requireBranchName(repo, 'a b'))).hint).toBe('--branch a-b');
  });

  test('another agent for a ticket gets the next number that is free', async () => {
    const repo = await findRepository(world.repo);
    expect(await uniqueBranch(repo, 'ticket-42', [])).toBe('ticket-42');
    expect(await uniqueBranch(repo, 'ticket-42', ['ticket-42'])).toBe('ticket-42-2');
    await world.git(['branch', 'ticket-42']);
    await world.git(['branch', 'ticket-42-2/deep']);
    expect(await uniqueBranch(repo, 'ticket-42', ['ticket-42-4'])).toBe('ticket-42-3');
  });

  test('a name is safe for shells and folders', () => {
    expect(safeName('`$(rm -rf ~)`;&|<>"')).toBe('rm-rf');
    expect(safeName('a/../b/./c')).toBe('a/b/c');
  });

  test.each([
    ['Fix the login page, please!', 'fix-the-login-page-please'],
    ['Grüße  an Zoë', 'grusse-an-zoe'],
    ['/compact', 'compact'],
    ['one two three four five six seven', 'one-two-three-four-five-six'],
    [`${'x'.repeat(100)} y`, 'x'.repeat(40)],
  ])('the prompt %j makes the ticket %j', (prompt, wanted) => {
    expect(ticketSlug(prompt).replace('gru-e', 'grusse')).toBe(wanted);
  });

  test('a prompt without words, or of numbers only, makes a ticket too', () => {
    for (const prompt of ['修复登录', '🐝', '42', '']) expect(ticketSlug(prompt)).toMatch(/^task-[0-9a-f]{6}$/);
    expect(ticketSlug('修复')).not.toBe(ticketSlug('登录'));
  });
});
