import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { root } from '../support/program.ts';

// Each fixture's first line is the message of the rule that it breaks, `allowed`, or `cycle`. The rules go by path, so the
// fixtures are linted in a project of their own whose folders have the names of the real ones.
const fixtures = join(root, 'test/fixtures/rooms');
const files = readdirSync(join(fixtures, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(fixtures, join(entry.parentPath, entry.name)));

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string };
    readonly advices?: unknown;
  }[];
}

describe('the rule of rooms', () => {
  let project = '';
  let report: Report = { diagnostics: [] };

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'swarm-rooms-'));
    cpSync(fixtures, project, { recursive: true });
    for (const file of ['biome.json', '.gitignore']) cpSync(join(root, file), join(project, file));
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    const biome = join(root, 'node_modules/.bin/biome');
    const { stdout } = await run([biome, 'lint', '--reporter=json', '--max-diagnostics=none', 'src'], { cwd: project });
    report = JSON.parse(stdout) as Report;
  });
  afterAll(() => rmSync(project, { recursive: true }));

  const found = (file: string, category: string) =>
    report.diagnostics.filter((one) => one.location.path.endsWith(file) && one.category === category);

  it.each(files.map((file) => [file, expectationOf(file)]))('%s: %s', (file, expected) => {
    const imports = found(file, 'lint/style/noRestrictedImports');
    const cycles = found(file, 'lint/suspicious/noImportCycles');
    if (expected === 'allowed') expect([...imports, ...cycles]).toEqual([]);
    else if (expected === 'cycle') expect(cycles.length).toBeGreaterThan(0);
    else expect(JSON.stringify(imports)).toContain(expected);
  });
});

function expectationOf(file: string): string {
  return readFileSync(join(fixtures, file), 'utf8').split('\n')[0]?.replace('// ', '') ?? '';
}
