import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { manifest } from './manifest.ts';
import { moduleScript, pageScript } from './script.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const entry = fileURLToPath(new URL('../client.ts', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const localImport = /from '\.\/([\w-]+)\.ts'/g;
const flags = [
  ['--declaration', '--emitDeclarationOnly', '--strict', '--skipLibCheck', '--ignoreConfig'],
  ['--target', 'es2022', '--lib', 'es2022,dom', '--module', 'nodenext', '--rewriteRelativeImportExtensions'],
].flat();

/** The types of what the module exports: each file that is imported from there, importing as published files do. */
async function writeTypes(dir: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), 'sdk-types-'));
  try {
    await run(process.execPath, [tsc, entry, ...flags, '--outDir', all]);
    const wanted = ['client'];
    for (const name of wanted) {
      const text = await readFile(join(all, `${name}.d.ts`), 'utf8');
      for (const [, imported = ''] of text.matchAll(localImport)) if (!wanted.includes(imported)) wanted.push(imported);
      await writeFile(join(dir, `${name}.d.ts`), text.replaceAll(localImport, "from './$1.js'"));
    }
  } finally {
    await rm(all, { recursive: true, force: true });
  }
}

/**
 * Writes the package that shops install to an empty folder, from which `npm publish` or `npm pack` takes it.
 * @param dir is emptied
 */
export async function writePackage(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await writeTypes(dir);
  await writeFile(join(dir, 'client.js'), await moduleScript());
  await writeFile(join(dir, 'sdk.js'), await pageScript());
  await writeFile(join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await copyFile(join(root, 'LICENSE'), join(dir, 'LICENSE'));
  await copyFile(join(root, 'packages', 'sdk', 'README.md'), join(dir, 'README.md'));
}
