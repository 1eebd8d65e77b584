import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceGraph } from './graph.ts';

/** Changes with the evaluator, so that what an older one kept is not taken for its own. */
const FORMAT = 1;

interface KeptGraph {
  readonly circumstances: string;
  /** Hashes of the files that the program consisted of, by path. */
  readonly sources: Readonly<Record<string, string>>;
  readonly graph: ResourceGraph;
}

interface Circumstances {
  readonly stage: string;
  readonly [name: string]: unknown;
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const fingerprint = (circumstances: Circumstances): string =>
  sha256(JSON.stringify([FORMAT, Object.entries(circumstances).sort(([a], [b]) => (a < b ? -1 : 1))]));

const fileOf = (cacheDir: string, stage: string): string => join(cacheDir, `graph.${stage}.json`);

/** Hashes of files by their paths; undefined when one of them is gone. */
export async function hashesOf(files: readonly string[]): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const entries = await Promise.all(files.map(async (file) => [file, sha256(await readFile(file))] as const));
    return Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

/** Whether files are still as they were when they were hashed. */
export async function unchanged(sources: Readonly<Record<string, string>>): Promise<boolean> {
  const now = await hashesOf(Object.keys(sources));
  return now !== undefined && Object.entries(sources).every(([file, hash]) => now[file] === hash);
}

/** The graph kept from an earlier evaluation in the same circumstances, if none of its sources changed since. */
export async function cachedGraph(cacheDir: string, circumstances: Circumstances): Promise<ResourceGraph | undefined> {
  let kept: KeptGraph;
  try {
    kept = JSON.parse(await readFile(fileOf(cacheDir, circumstances.stage), 'utf8')) as KeptGraph;
  } catch {
    return undefined;
  }
  if (kept.circumstances !== fingerprint(circumstances)) return undefined;
  return (await unchanged(kept.sources)) ? kept.graph : undefined;
}

/** Keeps a graph, readable by its owner only: functions' environments carry secrets. */
export async function keepGraph(
  cacheDir: string,
  circumstances: Circumstances,
  sources: readonly string[],
  graph: ResourceGraph,
): Promise<void> {
  const sourceHashes = await hashesOf(sources);
  if (!sourceHashes) return;
  const kept: KeptGraph = { circumstances: fingerprint(circumstances), sources: sourceHashes, graph };
  await mkdir(cacheDir, { recursive: true });
  const file = fileOf(cacheDir, circumstances.stage);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
  await rename(draft, file);
}

/** What others may still read is left alone for so long. */
const UNUSED_MS = 3_600_000;

/** Removes what is kept in a folder besides the current entry, unless somebody may still use it. */
export async function removeUnused(folder: string, current: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name === current) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > UNUSED_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}
