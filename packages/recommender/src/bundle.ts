import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The process of a silo as one file that needs Node 24 and nothing else: for the image, and for the local cluster. */
export async function bundleSilo(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('serving/silo.ts', import.meta.url))],
    outfile,
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
  const [outfile] = process.argv.slice(2);
  if (!outfile) {
    process.stderr.write('Say where to write the bundle: node packages/recommender/src/bundle.ts FILE\n');
    process.exit(1);
  }
  await bundleSilo(outfile);
}
