import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

const web = fileURLToPath(new URL('../../packages/web', import.meta.url));

/** What a visitor's browser loads, gzipped. */
export interface PageSizes {
  /** Before it shows anything of the application: script, style sheets, and the larger of the languages. */
  readonly initialBytes: number;
  /** What each page loads on top of that when it is opened, without what it loads only once there is something to draw. */
  readonly pages: readonly { readonly page: string; readonly bytes: number }[];
}

type Chunk = Rollup.OutputChunk;

/** A chunk, and whatever it cannot run without. */
function closure(chunk: Chunk, chunks: ReadonlyMap<string, Chunk>, into: Map<string, Chunk> = new Map()): typeof into {
  if (into.has(chunk.fileName)) return into;
  into.set(chunk.fileName, chunk);
  for (const name of chunk.imports) {
    const imported = chunks.get(name);
    if (imported) closure(imported, chunks, into);
  }
  return into;
}

/** Builds the site as for a deployment, without writing it, and weighs it. */
export async function pageSizes(): Promise<PageSizes> {
  // What a test says of itself here would bring the libraries' slower and larger kind.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  const result = await build({
    root: web,
    configFile: `${web}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false, sourcemap: false },
  }).finally(() => {
    process.env.NODE_ENV = NODE_ENV;
  });
  const { output } = [result].flat()[0] as Rollup.RollupOutput;
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
  const styles = output.flatMap((file) =>
    file.type === 'asset' && file.fileName.endsWith('.css') ? [gzipSync(file.source).byteLength] : [],
  );
  const styleBytes = styles.reduce((sum, bytes) => sum + bytes, 0);
  const sizeOf = new Map([...chunks].map(([name, { code }]) => [name, gzipSync(code).byteLength]));
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
  if (!entry) throw new Error('The build has no entry.');
  const first = closure(entry, chunks);
  const weigh = (parts: Iterable<string>): number => [...parts].reduce((sum, name) => sum + (sizeOf.get(name) ?? 0), 0);
  const lazy = [...chunks.values()].flatMap((chunk) =>
    chunk.isDynamicEntry && chunk.facadeModuleId
      ? [{ page: relative(`${web}/src`, chunk.facadeModuleId), parts: closure(chunk, chunks) }]
      : [],
  );
  const added = lazy
    .map(({ page, parts }) => ({ page, bytes: weigh([...parts.keys()].filter((name) => !first.has(name))) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  const languages = added.filter(({ page }) => /^messages\//.test(page)).map(({ bytes }) => bytes);
  return {
    initialBytes: weigh(first.keys()) + styleBytes + Math.max(0, ...languages),
    pages: added.filter(({ page }) => /(^|\/)pages\/|page\.tsx$/.test(page)),
  };
}
