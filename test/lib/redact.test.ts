import { describe, expect, it } from 'vitest';
import { REDACTED, redact, redactText, redactValue } from '../../src/lib/redact.ts';

/** Not a real one of anything: letters and digits of the right length. */
const random = (length: number) => 'aB3xK9mQ7wZ2pL5vR8tY1nC4jH6gF0dS'.repeat(8).slice(0, length);

describe('a text', () => {
  it.each([
    ['an Anthropic key', `use sk-ant-api03-${random(40)} now`, `use ${REDACTED} now`],
    ['an OpenAI key', `sk-proj-${random(48)}`, REDACTED],
    ['a Stripe key', `sk_live_${random(24)}`, REDACTED],
    [
      'a GitHub token',
      `git clone https://ghp_${random(36)}@github.com/a/b`,
      `git clone https://${REDACTED}@github.com/a/b`,
    ],
    ['a fine-grained one', `github_pat_${random(60)}`, REDACTED],
    ['a GitLab token', `glpat-${random(20)}`, REDACTED],
    ['a Slack token', `xoxb-12345-${random(24)}`, REDACTED],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE', REDACTED],
    ['a Google key', `AIza${random(35)}`, REDACTED],
    [
      'an npm token',
      `//registry.npmjs.org/:_authToken=npm_${random(36)}`,
      `//registry.npmjs.org/:_authToken=${REDACTED}`,
    ],
    ['a Hugging Face token', `hf_${random(34)}`, REDACTED],
    ['a JSON web token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${random(43)}`, REDACTED],
    [
      'a bearer',
      `curl -H "Authorization: Bearer ${random(30)}" http://x`,
      `curl -H "Authorization: Bearer ${REDACTED}" http://x`,
    ],
    ['basic credentials', "curl -H 'authorization: Basic dXNlcjpwYXNz'", `curl -H 'authorization: Basic ${REDACTED}'`],
    ['a header of its own', 'X-Api-Key: 1234abcd', `X-Api-Key: ${REDACTED}`],
    ['a cookie', 'Cookie: session=abc; id=7\nHost: x', `Cookie: ${REDACTED}\nHost: x`],
    [
      'a password in an address',
      'postgres://me:hunter2@db:5432/app?ssl=1',
      `postgres://me:${REDACTED}@db:5432/app?ssl=1`,
    ],
    ['a query', 'https://x.y/z?page=2&access_token=abc123&b=1', `https://x.y/z?page=2&access_token=${REDACTED}&b=1`],
    ["curl's user", 'curl -u admin:hunter2 https://x', `curl -u admin:${REDACTED} https://x`],
    ['an option', 'mysql --password hunter2 --host db', `mysql --password ${REDACTED} --host db`],
    ['an option with =', 'tool --api-key=abc --json', `tool --api-key=${REDACTED} --json`],
    ['an export', 'export DB_PASSWORD=hunter2 && run', `export DB_PASSWORD=${REDACTED} && run`],
    ['behind another', 'env: TOKEN=abc', `env: TOKEN=${REDACTED}`],
    ['in quotes', "AWS_SECRET_ACCESS_KEY='a b/c' x", `AWS_SECRET_ACCESS_KEY='${REDACTED}' x`],
    ['JSON', '{"apiKey": "abc", "n": 1}', `{"apiKey": "${REDACTED}", "n": 1}`],
    ['code', 'config.clientSecret = "abc";', `config.clientSecret = "${REDACTED}";`],
    ['YAML', 'db:\n  password: hunter2\n  host: x', `db:\n  password: ${REDACTED}\n  host: x`],
    ['a literal that looks like a variable', "PASSWORD='$ecret'", `PASSWORD='${REDACTED}'`],
  ])('%s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact(redact(text))).toBe(expected);
  });

  it('loses a private key, whole or cut off', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64)}\n`;
    expect(redact(`a\n${key}-----END RSA PRIVATE KEY-----\nb`)).toBe(`a\n${REDACTED}\nb`);
    expect(redact(`a\n${key}`)).toBe(`a\n${REDACTED}`);
    expect(redact('-----BEGIN CERTIFICATE-----\nabc')).toContain('abc');
  });

  it.each([
    'npm test -- --token-limit 5',
    'max_tokens: 4096, tokens=100, token_count: 7',
    'const password: string;',
    'curl -H "Authorization: Bearer $TOKEN"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    'TOKEN=${TOKEN} PASSWORD="$PW" run --token $(cat f)',
    'token: process.env.TOKEN',
    'the secret of good tests: none',
    'git commit -m "Explain how a token is refreshed"',
    'http://localhost:3000/path?page=1',
    'ssh git@github.com:a/b.git',
    '10:30:00 key: value',
  ])('keeps %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes no time that grows with more than its length', () => {
    for (const bad of [
      'a'.repeat(1_000_000),
      'a-'.repeat(500_000),
      'token'.repeat(200_000),
      '://'.repeat(300_000),
      'x:"'.repeat(300_000),
      'token="'.repeat(100_000),
    ]) {
      const begin = performance.now();
      redact(bad);
      expect(performance.now() - begin, bad.slice(0, 10)).toBeLessThan(5000);
    }
  });
});

describe('a value', () => {
  it('is cleaned by its names and its texts, however deep', () => {
    expect(
      redactValue({
        url: 'http://a:b1@c',
        headers: { 'X-Auth-Token': 'abc', n: 1 },
        list: ['password=x', null, true],
        token: '',
      }),
    ).toEqual({
      url: `http://a:${REDACTED}@c`,
      headers: { 'X-Auth-Token': REDACTED, n: 1 },
      list: [`password=${REDACTED}`, null, true],
      token: '',
    });
  });

  it('keeps only names of what goes into an environment file', () => {
    const content = 'NAME=value\n# a comment\nexport OTHER="a b"\nEMPTY=\n';
    expect(redactValue({ file_path: '/r/.env.local', content })).toEqual({
      file_path: '/r/.env.local',
      content: `NAME=${REDACTED}\n# a comment\nexport OTHER=${REDACTED}\nEMPTY=\n`,
    });
    expect(redactValue({ file_path: '/r/env.ts', content })).toMatchObject({ content });
  });

  it('is bounded, and says what was left out', () => {
    const bounded = redactValue({ text: 'x'.repeat(5000), list: Array.from({ length: 150 }, () => 1) }) as {
      text: string;
      list: unknown[];
    };
    expect(bounded.text).toBe(`${'x'.repeat(2000)}… [5000 characters]`);
    expect(bounded.list).toHaveLength(101);
    expect(bounded.list.at(-1)).toBe('… 50 more');
    let deep: unknown = 'end';
    for (let i = 0; i < 20; i++) deep = { deep };
    expect(JSON.stringify(redactValue(deep))).toContain('[…]');
    // A secret at the cut is gone before the cut is made.
    expect(redactText(`${'x'.repeat(1990)} password=hunter2hunter2`)).not.toContain('hunter');
    expect(redactText(`${'x'.repeat(9)}😀`, 10)).toBe(`${'x'.repeat(9)}… [11 characters]`);
  });
});
