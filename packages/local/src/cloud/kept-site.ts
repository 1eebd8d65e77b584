import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeUnused } from '../program/cache.ts';
import type { SiteBuild } from './local-cloud.ts';

/** What a build of the site is made of, besides the installed packages. */
const sources = ['packages/web', 'packages/core/src', 'packages/sdk/src', 'CHANGELOG.md', 'package-lock.json'];
const ignored: ReadonlySet<string> = new Set(['node_modules', 'dist']);
const texts = /\.(js|css|html|json|txt|xml|map)$/;

async function filesBelow(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => !ignored.has(name)).sort();
  return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
}

async function fingerprint(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesBelow(join(root, source))) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Stands in a kept build for what differs between instances; an address where an address is expected. */
const placeholderOf = (name: string, value: string): string => {
  const text = name.toLowerCase().replaceAll('_', '-');
  return value.startsWith('http') ? `http://${text}.invalid` : `{{${text}}}`;
};

/** Builds the site into a folder, in a process of its own, since what a test says of itself in NODE_ENV would go into the bundle. */
async function buildSite(root: string, environment: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const { NODE_ENV: _, ...own } = process.env;
  await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: join(root, 'packages/web'), env: { ...own, ...environment } },
  );
}

/**
 * Puts the built site into a folder, from an earlier build while no source changed; what differs between instances is written into the copy.
 */
export async function copyBuiltSite(root: string, build: SiteBuild, folder: string): Promise<void> {
  const values = Object.entries(build).map(([name, value]) => ({
    name,
    value,
    placeholder: placeholderOf(name, value),
  }));
  const cache = join(root, 'node_modules/.cache/tenantry/site');
  const key = await fingerprint(root);
  const kept = join(cache, key);
  await mkdir(cache, { recursive: true });
  if (!(await stat(kept).catch(() => undefined))) {
    const draft = join(cache, `draft-${randomUUID()}`);
    await buildSite(root, Object.fromEntries(values.map(({ name, placeholder }) => [name, placeholder])), draft);
    // Another process may have been first; its build is the same.
    await rename(draft, kept).catch(() => rm(draft, { recursive: true, force: true }));
    await removeUnused(cache, key);
  }
  await cp(kept, folder, { recursive: true });
  for (const file of (await filesBelow(folder)).filter((name) => texts.test(name))) {
    const text = await readFile(file, 'utf8');
    const own = values.reduce((done, { placeholder, value }) => done.replaceAll(placeholder, value), text);
    if (own !== text) await writeFile(file, own);
  }
}
