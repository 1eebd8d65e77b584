import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What the image runs: the process of a silo that answers, and the one that trains its model. */
const programs = { silo: 'serving/silo.ts', trainer: 'training/trainer.ts' } as const;

/** Each of them as one file that needs Node 24 and nothing else, `<program>.mjs`: for the image, and for the local cluster. */
export async function bundleImage(outdir: string): Promise<void> {
  await build({
    entryPoints: Object.entries(programs).map(([out, source]) => ({
      in: fileURLToPath(new URL(source, import.meta.url)),
      out,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    // Some of the SDK's parts still ask for modules in the old way.
    banner: {
      js: "import { createRequire as siloRequire } from 'node:module'; const require = siloRequire(import.meta.url);",
    },
  });
}

if (import.meta.main) {
  const [outdir] = process.argv.slice(2);
  if (!outdir) {
    process.stderr.write('Say where to write the bundles: node packages/recommender/src/bundle.ts FOLDER\n');
    process.exit(1);
  }
  await bundleImage(outdir);
}
