// Bundles the program: one file a command, shared code in chunks, so that a call loads only what it uses.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';
import { build, type InputOptions, type Plugin, watch } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const entries = ['src/main.ts', ...globSync('src/commands/**/*.ts'), ...globSync('src/agents/scripted/main.ts')];

/**
 * oclif loads all of itself (plugins, help, spinners, glob) before a command runs: half the time of a short call. This
 * makes its top-level requires wait for their first use. They have one form, the TypeScript compiler's:
 * `const name_1 = require("…");`, so each becomes a function and each use a call of it.
 */
const lazyOclif: Plugin = {
  name: 'lazy-oclif',
  transform: {
    filter: { id: /@oclif\/core\/lib\/.*\.js$/ },
    handler: (code) => {
      const requires = [...code.matchAll(/^(?:const|var) (\w+_\d+) = (.*require\(.*);$/gm)];
      const lazy = requires.reduce((text, [statement = '', name = '', load = '']) => {
        const uses = text.replace(statement, '').replace(new RegExp(`\\b${name}\\b`, 'g'), `(${name}())`);
        return `${uses}\nvar ${name}_; function ${name}() { return ${name}_ ??= ${load}; }`;
      }, code);
      return { code: lazy.replace(/^check(?:CWD|NodeVersion)\(\);$/gm, ''), map: { mappings: '' } };
    },
  },
};

/** Ink can talk to React's developer tools, which are not installed. */
const withoutDevtools: Plugin = {
  name: 'without-devtools',
  transform: {
    filter: { id: /ink\/build\/(?:ink|reconciler)\.js$/ },
    handler: (code) => ({ code: code.replaceAll("process.env['DEV'] === 'true'", 'false'), map: null }),
  },
};

/** Yoga fetches its own WebAssembly from a data: address, for which Node loads its whole HTTP client (30 ms). */
const withoutFetch: Plugin = {
  name: 'without-fetch',
  transform: {
    filter: { id: /yoga-layout\/dist\/binaries\/.*\.js$/ },
    handler: (code) => ({ code: code.replaceAll('"function"!=typeof fetch', 'true'), map: null }),
  },
};

/**
 * The expression for whole emoji takes V8 19 ms to make, and most texts hold nothing that could be one: each of them has
 * one of these (UTS #51, emoji sequences).
 */
const lazyEmoji: Plugin = {
  name: 'lazy-emoji',
  transform: {
    filter: { id: /string-width\/index\.js$/ },
    handler: (code) => {
      const maker = 'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;';
      if (!code.includes(maker)) return null;
      const maybe = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u;
      const lazy = `let rgiEmoji; const rgiEmojiRegex = { test: (text) => ${maybe}.test(text) && (rgiEmoji ??= /^\\p{RGI_Emoji}$/v).test(text) };`;
      return { code: code.replace(maker, lazy), map: null };
    },
  },
};

const options: InputOptions & { output: object } = {
  input: Object.fromEntries(entries.map((file) => [file.replace(/^src\//, '').replace(/\.tsx?$/, ''), file])),
  platform: 'node',
  logLevel: 'warn',
  plugins: [lazyOclif, withoutDevtools, withoutFetch, lazyEmoji],
  // React checks itself at every step otherwise: several times the work.
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
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
