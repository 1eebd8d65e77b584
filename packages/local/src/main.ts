import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalCloud } from './cloud/local-cloud.ts';
import { claimPorts } from './cloud/ports.ts';
import { startSite } from './cloud/site.ts';
import { banner, printLine } from './cloud/terminal.ts';
import { watchSources } from './cloud/watch.ts';
import { keptShopKey, openDemoShop } from './demo/demo-shop.ts';
import { instanceOf } from './demo/instance.ts';
import { seedStaff, seedTenants } from './demo/seed.ts';

/** `npm run dev`: the local cloud with everything on it. */
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const DEFAULT_PORT = 4400;

function options() {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean', default: false },
      seed: { type: 'boolean', default: false },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      dir: { type: 'string', default: join(root, '.local') },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) {
    throw new Error(`--port must be a number from 1024 to 65000, not "${values.port}".`);
  }
  return { ...values, port };
}

function prepareFolder(dir: string, fresh: boolean): void {
  try {
    if (fresh) rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch {
    throw new Error(`The folder ${dir} cannot be written; choose another with --dir FOLDER.`);
  }
}

async function run(): Promise<void> {
  const started = performance.now();
  const { fresh, seed, port, dir } = options();
  const ports = await claimPorts(port);
  prepareFolder(dir, fresh);
  const cloud = await startLocalCloud({
    root,
    dir,
    ports,
    site: (build) => startSite(root, build, ports.reload),
    onProgress: (step) => printLine(`  … ${step}`),
  });
  const shopFile = join(dir, 'demo-shop.json');
  const shopUrl = (key: string) => `${cloud.urls.site}/shop?key=${key}`;
  const kept = keptShopKey(shopFile);
  printLine(
    banner(
      cloud.urls,
      (performance.now() - started) / 1000,
      relative(process.cwd(), dir) || dir,
      kept && shopUrl(kept),
    ),
  );
  if (!kept) {
    // Nobody has to wait for it.
    openDemoShop(instanceOf(cloud), shopFile, (step) => printLine(`  … ${step}`)).then(
      (key) => printLine(`\n  Demo shop  ${shopUrl(key)}\n`),
      (error: unknown) =>
        printLine(
          `  ! the demo shop did not open; it is tried again at the next start: ${error instanceof Error ? error.message : error}`,
        ),
    );
  }
  if (seed) {
    const say = (step: string) => printLine(`  … ${step}`);
    await seedTenants(instanceOf(cloud), say);
    await seedStaff(cloud, say);
  }
  cloud.logs.tail(({ function: name, level, text }) => printLine(`${name}  ${level}  ${text}`));
  const stopWatching = watchSources(root, {
    functions: async () => {
      try {
        await cloud.reloadFunctions();
        printLine('  … functions reloaded');
      } catch (error) {
        printLine(`  ! the functions do not build: ${error instanceof Error ? error.message : error}`);
      }
    },
    program: () => printLine('  ! the infrastructure program changed: start `npm run dev` again'),
  });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    stopWatching();
    await cloud.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
