/** Words before the first `--` are swarm's, those after it somebody else's. */
export function splitPassing(argv: readonly string[]): { own: string[]; passed: string[] } {
  const at = argv.indexOf('--');
  return at === -1 ? { own: [...argv], passed: [] } : { own: argv.slice(0, at), passed: argv.slice(at + 1) };
}
