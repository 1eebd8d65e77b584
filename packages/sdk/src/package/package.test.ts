import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest } from './manifest.ts';
import { writePackage } from './write-package.ts';

const run = promisify(execFile);
const tsc = new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url).pathname;
const KB = 1024;

/** A shop that has installed the package, and what `npm pack` would publish. */
let shop: string;
let dir: string;
let packed: { readonly path: string; readonly size: number }[];
beforeAll(async () => {
  shop = await mkdtemp(join(tmpdir(), 'sdk-shop-'));
  dir = join(shop, 'package');
  await writePackage(dir);
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: dir });
  packed = (JSON.parse(stdout) as { files: { path: string; size: number }[] }[])[0]?.files ?? [];
  await mkdir(join(shop, 'node_modules', '@tenantry'), { recursive: true });
  await symlink(dir, join(shop, 'node_modules', '@tenantry', 'sdk'));
  await writeFile(join(shop, 'package.json'), '{"type":"module"}');
}, 120_000);
afterAll(() => rm(shop, { recursive: true, force: true }));

const paths = () => packed.map(({ path }) => path).sort();
const gzipped = async (name: string) => gzipSync(await readFile(join(dir, name))).byteLength;

describe('the package that shops install', () => {
  it('holds what it is, and nothing of how it is made and tested', () => {
    expect(paths()).toEqual(
      [
        'LICENSE',
        'README.md',
        'client.d.ts',
        'client.js',
        'error.d.ts',
        'package.json',
        'queue.d.ts',
        'sdk.js',
        'storage.d.ts',
      ].sort(),
    );
  });

  it('names only files that are in it, with types before what they are of, and needs nothing else', () => {
    const { exports, types, sideEffects } = manifest;
    const named = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    for (const path of [...named, types, ...sideEffects]) expect(paths()).toContain(path.slice(2));
    expect(Object.keys(exports['.'])).toEqual(['types', 'default']);
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('private');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('costs a page less than 5 kB as a script, and 8 kB before a bundler minifies it', async () => {
    expect(await gzipped('sdk.js')).toBeLessThan(5 * KB);
    expect(await gzipped('client.js')).toBeLessThan(8 * KB);
  });

  it('is imported and required by Node', async () => {
    const use =
      "const c = init({ key: 'sk_1', url: 'http://127.0.0.1:1' }); c.close(); console.log(typeof c.track, TenantryError.name);";
    await writeFile(join(shop, 'imports.js'), `import { init, TenantryError } from '@tenantry/sdk'; ${use}`);
    await writeFile(join(shop, 'requires.cjs'), `const { init, TenantryError } = require('@tenantry/sdk'); ${use}`);
    for (const file of ['imports.js', 'requires.cjs']) {
      const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file], { cwd: shop });
      expect(stdout.trim()).toBe('function TenantryError');
    }
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types for TypeScript with module %s', async (module, resolution) => {
    const good =
      "import { type Client, init, type QueuedEvent, TenantryError } from '@tenantry/sdk';\nconst client: Client = init({ key: 'pk_1', url: 'https://a.example', onError: (error: TenantryError, lost: readonly QueuedEvent[]) => console.log(error.code, lost.length) });\nexport const id: string | undefined = client.track({ itemId: 'a', type: 'view' });\n";
    await writeFile(join(shop, 'good.ts'), good);
    await writeFile(join(shop, 'bad.ts'), `${good}client.track({ itemId: 7, type: 'view' });\n`);
    const check = (file: string) =>
      run(
        process.execPath,
        [
          tsc,
          file,
          '--noEmit',
          '--strict',
          '--ignoreConfig',
          '--types',
          '',
          '--target',
          'es2022',
          '--lib',
          'es2022,dom',
          '--module',
          module,
          '--moduleResolution',
          resolution,
        ],
        { cwd: shop },
      );
    await check('good.ts');
    await expect(check('bad.ts')).rejects.toMatchObject({
      stdout: expect.stringMatching(/not assignable to type 'string'/),
    });
  });

  it('is bundled from its module, of which a bundler leaves out what is not used', async () => {
    const bundle = async (contents: string) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: shop },
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
        logLevel: 'silent',
      });
      return outputFiles[0]?.text ?? '';
    };
    expect(await bundle("import { init } from '@tenantry/sdk'; console.log(init);")).toContain('tenantry.queue');
    expect(await bundle("import '@tenantry/sdk';")).toBe('');
    // The script is there to do something.
    expect(await bundle("import '@tenantry/sdk/sdk.js';")).toContain('currentScript');
  });
});
