import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundledFunction, createFunctionBundler, type FunctionBundler } from './bundle.ts';
import { hashesOf, removeUnused, unchanged } from './cache.ts';
import type { ResourceGraph } from './graph.ts';

interface KeptBundles {
  /** Of what was asked for: the entries, the bundler and the installed packages. */
  readonly fingerprint: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly bundles: readonly BundledFunction[];
}

const indexOf = (cacheDir: string): string => join(cacheDir, 'functions.json');

async function fingerprintOf(root: string, graph: ResourceGraph): Promise<string> {
  const own = await Promise.all(
    [join(import.meta.dirname, 'bundle.ts'), join(root, 'package-lock.json')].map((file) => readFile(file, 'utf8')),
  );
  const entries = graph.functions.map(({ entry, handler, name, bundlePath }) => [entry, handler, name, bundlePath]);
  return createHash('sha256')
    .update(JSON.stringify([root, own, entries]))
    .digest('hex');
}

async function read(cacheDir: string, fingerprint: string): Promise<KeptBundles | undefined> {
  try {
    const kept = JSON.parse(await readFile(indexOf(cacheDir), 'utf8')) as KeptBundles;
    if (kept.fingerprint !== fingerprint || !(await unchanged(kept.sources))) return undefined;
    await Promise.all(kept.bundles.map(({ file }) => stat(file)));
    return kept;
  } catch {
    return undefined;
  }
}

/**
 * A bundler whose first build is taken from an earlier one for as long as no source changed, by whatever process: bundling all functions
 * takes longer than everything else that a local cloud does to start. Later builds are made below `outDir`, as without it.
 */
export async function createKeptBundler(options: {
  readonly root: string;
  readonly graph: ResourceGraph;
  readonly outDir: string;
  readonly cacheDir: string;
}): Promise<FunctionBundler> {
  const { root, graph, outDir, cacheDir } = options;
  const fingerprint = await fingerprintOf(root, graph);
  const folder = join(cacheDir, 'functions');
  let kept = await read(cacheDir, fingerprint);
  if (!kept) {
    const name = randomUUID();
    const bundler = await createFunctionBundler({ root, graph, outDir: join(folder, name) });
    try {
      const bundles = await bundler.build();
      kept = { fingerprint, sources: (await hashesOf(bundler.sources())) ?? {}, bundles };
    } finally {
      await bundler.close();
    }
    await mkdir(cacheDir, { recursive: true });
    const draft = `${indexOf(cacheDir)}.${name}`;
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, indexOf(cacheDir));
    await removeUnused(folder, name);
  }
  const { bundles, sources } = kept;
  let later: FunctionBundler | undefined;
  let builds = 0;
  return {
    async build() {
      builds += 1;
      if (builds === 1) return bundles;
      later ??= await createFunctionBundler({ root, graph, outDir });
      return later.build();
    },
    sources: () => later?.sources() ?? Object.keys(sources),
    close: async () => later?.close(),
  };
}
