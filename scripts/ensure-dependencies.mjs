// Makes `node_modules` and SST's components match the lock file before a command runs. Uses Node alone, from 20.19 on,
// since it runs when nothing else is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.tenantry-stamp');
const platform = join(root, '.sst', 'platform');

/** Settings that spare npm work nobody reads the result of. */
const quiet = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_prefer_offline: 'true',
  npm_config_progress: 'false',
  npm_config_update_notifier: 'false',
};

class Failure extends Error {}

const textOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');

function checkWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new Failure(`Dependencies cannot be installed: ${folder} is not writable.`);
  }
}

/** Runs a command to its end; shows what it printed only when it failed, unless `tolerates` says that it may. */
function run(what, command, args, { env = {}, tolerates = () => false } = {}) {
  process.stdout.write(`${what} … `);
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...quiet, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status === 0) {
    console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
    return true;
  }
  if (tolerates(stderr ?? '')) {
    console.log('not possible');
    return false;
  }
  console.log('failed');
  if (error?.code === 'ENOENT')
    throw new Failure(`"${command}" was not found: install Node.js with npm, then run this again.`);
  if (stdout) process.stderr.write(stdout);
  if (stderr) process.stderr.write(stderr);
  throw new Failure(`${what} failed: see the messages of "${command} ${args.join(' ')}" above.`);
}

function ensurePackages() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (textOf(stampFile) === wanted) return;
  checkWritable(root);
  // Packages that `npm install` put there are as good, if they are the lock file's.
  if (!installedAsLocked()) install();
  writeFileSync(stampFile, wanted);
}

/**
 * `npm ci` wants every optional package of other platforms in the lock file, which a registry that does not carry them
 * leaves out; then `npm install` installs the locked versions all the same, and leaves the lock file alone.
 */
function install() {
  const incomplete = (messages) => messages.includes('EUSAGE');
  if (run('Installing packages', 'npm', ['ci'], { tolerates: incomplete })) return;
  run('Installing packages, leaving the lock file as it is', 'npm', ['install', '--no-save']);
}

/** npm notes what it installed beside the packages; the same set of versions needs no second installation. */
function installedAsLocked() {
  const installed = textOf(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return false;
  const has = JSON.parse(installed).packages ?? {};
  const wants = JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
  return Object.entries(wants).every(
    ([path, { version, optional, link }]) =>
      path === '' || !path.includes('node_modules/') || link || (has[path] ? has[path].version === version : optional),
  );
}

/** SST's component sources, which type checks and the local cloud read. Nothing but the npm registry is asked. */
function ensurePlatform() {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'sst', 'package.json'), 'utf8'));
  const complete = existsSync(join(platform, 'node_modules', '@pulumi', 'aws', 'package.json'));
  if (complete && textOf(join(platform, 'version')) === version) return;
  checkWritable(root);
  rmSync(platform, { recursive: true, force: true });
  run(
    "Installing SST's components",
    process.execPath,
    [join('node_modules', 'sst', 'bin', 'sst.mjs'), 'install', '--stage', 'local'],
    {
      env: { SST_SKIP_DEPENDENCY_CHECK: '1', SST_NO_BUN: '1', SST_TELEMETRY_DISABLED: '1' },
    },
  );
  if (!existsSync(join(platform, 'version'))) throw new Failure(`SST wrote no components to ${platform}.`);
}

try {
  ensurePackages();
  ensurePlatform();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exit(1);
}
