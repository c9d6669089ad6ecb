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
  const { main: run } = await import('../dist/main.js');
  await run(args);
}

/** A checkout carries its own Node as a dev dependency: use that one, else say what is missing. */
async function onNewerNode() {
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const { spawn } = await import('node:child_process');
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.exitCode = signal === 'SIGINT' ? 130 : 1;
    else process.exitCode = code ?? 1;
  });
}

await main();
