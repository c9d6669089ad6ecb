import { expect, test } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { renderTemplate, templateVariables } from '../../src/lib/template.ts';

test('puts values in, once, and leaves all else alone', () => {
  const values = { repo: 'a {{ticket}} $& b', ticket: 't' };
  expect(renderTemplate('../{{repo}}/{{ ticket }}-{x}-{{}}', values, 'worktrees.dir')).toBe(
    '../a {{ticket}} $& b/t-{x}-{{}}',
  );
  expect(templateVariables('{{a}} {{ b }} {{a}}')).toEqual(['a', 'b']);
});

test.each(['tiket', 'toString', '__proto__'])('an unknown variable is an error: %s', (name) => {
  const render = () => renderTemplate(`x {{${name}}}`, { ticket: 't', repo: 'r' }, 'worktrees.branch');
  expect(render).toThrow(UserError);
  expect(render).toThrow(`worktrees.branch names {{${name}}}, which has no value here. Known: {{ticket}}, {{repo}}.`);
});
