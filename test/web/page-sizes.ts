import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

const web = fileURLToPath(new URL('../../packages/web', import.meta.url));

/** What a visitor's browser loads before it shows something, gzipped. */
export interface PageSize {
  /** The page's source; `entry` for what every page needs. */
  readonly page: string;
  readonly bytes: number;
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

/** Builds the site as for a deployment, without writing it, and weighs each of its pages: script and style sheets of the entry and of the page. */
export async function pageSizes(): Promise<readonly PageSize[]> {
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
  const weigh = (parts: ReadonlyMap<string, Chunk>): number =>
    [...parts.keys()].reduce((sum, name) => sum + (sizeOf.get(name) ?? 0), styleBytes);
  const pages = [...chunks.values()].flatMap((chunk) =>
    chunk.isDynamicEntry && chunk.facadeModuleId && /-?page\.tsx$|\/pages\//.test(chunk.facadeModuleId)
      ? [
          {
            page: relative(`${web}/src`, chunk.facadeModuleId),
            bytes: weigh(new Map([...first, ...closure(chunk, chunks)])),
          },
        ]
      : [],
  );
  return [{ page: 'entry', bytes: weigh(first) }, ...pages.toSorted((one, other) => other.bytes - one.bytes)];
}
