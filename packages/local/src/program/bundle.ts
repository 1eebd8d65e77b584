import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, context, type Metafile } from 'esbuild';
import type { GraphFunction, ResourceGraph } from './graph.ts';

/** One function's module as it would be deployed. */
export interface BundledFunction {
  readonly logicalName: string;
  readonly name: string;
  readonly handler: string;
  /** Absolute path of the module. */
  readonly file: string;
  /** The export that is called. */
  readonly exportName: string;
  readonly bytes: number;
}

export interface FunctionBundler {
  /**
   * Builds every function; what did not change since the last build is not done again.
   * @throws {Error} that names what a handler lacks: its file, an import, its export.
   */
  build(): Promise<readonly BundledFunction[]>;
  /** The source files that went into the last build, absolute; what to watch for changes. */
  sources(): readonly string[];
  close(): Promise<void>;
}

const NODE_REQUIRE = `import { createRequire as functionRequire } from 'node:module'; const require = functionRequire(import.meta.url);`;

/** What SST's builder does with Node functions: one minified ES module each, with the names of functions kept. */
const settings = {
  bundle: true,
  write: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  conditions: ['module'],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  outExtension: { '.js': '.mjs' },
  logLevel: 'silent',
  banner: { js: NODE_REQUIRE },
} as const satisfies BuildOptions;

const exportOf = (handler: string): string => handler.slice(handler.lastIndexOf('.') + 1);

/** Bundles the functions of a graph, again and again as their sources change. */
export async function createFunctionBundler(options: {
  readonly root: string;
  readonly graph: ResourceGraph;
  readonly outDir: string;
}): Promise<FunctionBundler> {
  const { root, graph, outDir } = options;
  const entryPoints = graph.functions.map(({ entry, bundlePath }) => ({
    in: entry,
    out: bundlePath.replace(/\.mjs$/, ''),
  }));
  const build = await context({ ...settings, entryPoints, outdir: outDir, absWorkingDir: root });
  let inputs: readonly string[] = [];

  return {
    async build() {
      const { metafile } = await build.rebuild();
      inputs = Object.keys(metafile.inputs).filter((input) => !input.includes('node_modules/'));
      return graph.functions.map((fn) => bundled(fn, metafile, join(outDir, fn.bundlePath), root));
    },
    sources: () => inputs.map((input) => (isAbsolute(input) ? input : join(root, input))),
    close: () => build.dispose(),
  };
}

function bundled(fn: GraphFunction, metafile: Metafile, file: string, root: string): BundledFunction {
  const { logicalName, name, handler } = fn;
  const output = metafile.outputs[relative(root, file)];
  if (!output) throw new Error(`The function ${handler} was not built.`);
  const exportName = exportOf(handler);
  if (!output.exports.includes(exportName)) throw new Error(`${fn.entry} does not export "${exportName}".`);
  return { logicalName, name, handler, file, exportName, bytes: output.bytes };
}

/** Bundles the functions of a graph once, below `outDir`. */
export async function bundleFunctions(
  graph: ResourceGraph,
  outDir: string,
  root: string,
): Promise<readonly BundledFunction[]> {
  const bundler = await createFunctionBundler({ root, graph, outDir });
  try {
    return await bundler.build();
  } finally {
    await bundler.close();
  }
}

/** Bytes of a bundle as Lambda stores and loads it. */
export const gzippedBytes = async (bundle: BundledFunction): Promise<number> =>
  gzipSync(await readFile(bundle.file)).byteLength;
