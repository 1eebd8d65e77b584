import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKeptBundler } from './bundle-cache.ts';
import type { ResourceGraph } from './graph.ts';

let root = '';
const graph = (): ResourceGraph =>
  ({
    stage: 'test',
    resources: [],
    outputs: {},
    functions: [
      {
        logicalName: 'Hello',
        name: 'hello',
        handler: 'src/hello.handler',
        entry: join(root, 'src/hello.ts'),
        bundlePath: 'hello/hello.mjs',
      },
    ],
  }) as unknown as ResourceGraph;
const bundler = (outDir: string) =>
  createKeptBundler({ root, graph: graph(), outDir: join(root, outDir), cacheDir: join(root, 'cache') });
const builtBy = async (outDir: string): Promise<string> => {
  const one = await bundler(outDir);
  const [bundle] = await one.build();
  await one.close();
  return bundle?.file ?? '';
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bundles-'));
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(root, 'src/word.ts'), `export const word: string = 'first';`);
  await writeFile(join(root, 'src/hello.ts'), `import { word } from './word.ts'; export const handler = () => word;`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('gives the same files again while nothing changed', async () => {
  const first = await builtBy('one');
  expect(await readFile(first, 'utf8')).toContain('first');
  expect(await builtBy('two')).toBe(first);
});

it('builds anew once a source, an import of one or the installed packages changed', async () => {
  const before = await builtBy('one');
  await writeFile(join(root, 'src/word.ts'), `export const word: string = 'second';`);
  const changed = await builtBy('one');
  expect(changed).not.toBe(before);
  expect(await readFile(changed, 'utf8')).toContain('second');
  await writeFile(join(root, 'package-lock.json'), '{"other":1}');
  expect(await builtBy('one')).not.toBe(changed);
});

it('builds anew when a kept file is gone', async () => {
  const before = await builtBy('one');
  await rm(before);
  expect(await readFile(await builtBy('one'), 'utf8')).toContain('second');
});

it('makes what is built again while it runs in its own folder, and leaves the kept files as they are', async () => {
  const one = await bundler('own');
  const [kept] = await one.build();
  await writeFile(join(root, 'src/word.ts'), `export const word: string = 'third';`);
  const [rebuilt] = await one.build();
  await one.close();
  expect(rebuilt?.file).toBe(join(root, 'own/hello/hello.mjs'));
  expect(await readFile(rebuilt?.file ?? '', 'utf8')).toContain('third');
  expect(await readFile(kept?.file ?? '', 'utf8')).toContain('second');
});

it('leaves no draft behind', async () => {
  expect((await readdir(join(root, 'cache'))).sort()).toEqual(['functions', 'functions.json']);
});
