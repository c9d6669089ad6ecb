#!/usr/bin/env node
// The entry. Nothing is imported statically here, so that an old Node gets a sentence and not a syntax error.
const MINIMUM = [22, 18];

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    return onNewerNode();
  }
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    // Answered here: loading the command framework would triple the time of the most scripted call.
    const { readFileSync } = await import('node:fs');
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    process.stdout.write(`swarm ${version}\n`);
    return;
  }
  rememberCompiledCode();
  const { main: run } = await import('../dist/main.js');
  await run(args);
}

/**
 * Keeps compiled code between calls (measured: 8 ms of 50). What is in the cache runs, so the folder must be the
 * user's alone; without such a folder the call is only slower. Coverage is less exact with it.
 */
function rememberCompiledCode() {
  const home = process.env.XDG_CACHE_HOME || (process.env.HOME && `${process.env.HOME}/.cache`);
  if (!home || process.env.NODE_COMPILE_CACHE || process.env.NODE_V8_COVERAGE) return;
  const { lstatSync, mkdirSync } = process.getBuiltinModule('node:fs');
  const folder = `${home}/swarm/compiled`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = lstatSync(folder);
    const mine = (mode & 0o170000) === 0o040000 && (mode & 0o077) === 0 && uid === process.getuid();
    if (mine) process.getBuiltinModule('node:module').enableCompileCache(folder);
  } catch {
    // A read-only home: nothing is remembered.
  }
}

/** A checkout carries its own Node as a dev dependency: use that one, else say what is missing. */
async function onNewerNode() {
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(own)) {
    process.stderr.write(
      `swarm needs Node ${MINIMUM.join('.')} or newer, and this is ${process.versions.node}.\n` +
        'Install a newer Node (https://nodejs.org), then run the same command again.\n',
    );
    process.exitCode = 5;
    return;
  }
  const child = spawn(own, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to both of us.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY === true ? undefined : child.kill(signal)));
  }
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code;
  });
}

await main();
