// Adds to package-lock.json the optional packages of other platforms that npm left out because the registry in use does
// not have them. Without these entries `npm ci` calls the lock file incomplete. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const SYSTEMS = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix'];
const CPUS = ['arm64', 'x64', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'wasm32', 'arm'];

const FILE = new URL('../package-lock.json', import.meta.url);
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(FILE, 'utf8'));
const { packages } = lock;

/** Whether node would find the package from a folder of node_modules, as the lock file lays it out. */
function isThere(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder}${folder === '' ? '' : '/'}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

/** The entry of a package that only another platform installs; its name says which. */
function entryOf(name: string, version: string, dev: boolean): Entry {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = CPUS.filter((one) => words.includes(one));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : ['glibc'];
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev: true } : {}),
    ...(os.includes('linux') ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

let added = 0;
for (const [folder, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(folder, name) || !/^\d/.test(version)) continue;
    packages[`node_modules/${name}`] = entryOf(name, version, entry.dev === true);
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(`${added} packages of other platforms added\n`);
