// Bundles the program: one file a command, shared code in chunks, so that a call loads only what it uses.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';
import { build, type InputOptions, watch } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const entries = [
  'src/main.ts',
  'src/cli/help.ts',
  ...globSync('src/commands/**/*.ts'),
  ...globSync('src/agents/scripted/main.ts'),
];

const options: InputOptions & { output: object } = {
  input: Object.fromEntries(entries.map((file) => [file.replace(/^src\//, '').replace(/\.tsx?$/, ''), file])),
  platform: 'node',
  logLevel: 'warn',
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
    minify: 'dce-only',
  },
};

/** The manifest lets oclif find a command without loading all of them. */
async function writeManifest(): Promise<void> {
  rmSync('oclif.manifest.json', { force: true });
  const config = await Config.load({ root, devPlugins: false, userPlugins: false });
  const plugin = config.plugins.get('swarm');
  if (!plugin || !('manifest' in plugin)) throw new Error('oclif did not find the program in package.json');
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest)}\n`);
}

if (process.argv.includes('--watch')) {
  const watcher = watch(options);
  watcher.on('event', async (event) => {
    if (event.code === 'BUNDLE_END') {
      await event.result.close();
      await writeManifest();
      process.stderr.write(`built in ${event.duration} ms\n`);
    }
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`);
  });
} else {
  rmSync('dist', { recursive: true, force: true });
  await build(options);
  await writeManifest();
}
