import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { SstPlatform } from './platform.ts';

/** Where SST makes the random part of physical names. */
const RANDOM_NAME_SOURCE = 'crypto.randomBytes(8).toString("hex")';

/**
 * Physical names end in letters that SST draws anew in each evaluation and Pulumi then keeps in its state. Here the
 * letters derive from the logical name, since the local cloud keeps data under those names.
 */
const stableNames: Plugin = {
  name: 'stable-physical-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]components[\\/]naming\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes(RANDOM_NAME_SOURCE)) {
        throw new Error('This version of SST names resources in another way than the evaluator knows.');
      }
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
      const seed = '`${$app.name}/${$app.stage}/${name}`';
      return { contents: source.replace(RANDOM_NAME_SOURCE, seed), loader: 'ts' };
    });
  },
};

/**
 * SST's CLI gives programs their globals (`$config`, `aws`, `sst`, …) by rewriting the source. Here they are real
 * globals, set by the first module of the bundle; `$app`, `$cli` and `$dev` are set by whoever runs it.
 */
const GLOBALS = `
import aws from '@pulumi/aws';
import * as sst from './src/components/index.ts';
import * as shim from './src/shim/run.js';
Object.assign(globalThis, { aws, sst }, shim);
`;

const ENTRY = `
import 'program-globals';
import config from 'program-config';
import pulumi from '@pulumi/pulumi';
import { run } from './src/auto/run.ts';
export { config, pulumi, run };
`;

const entryModules = (platform: SstPlatform, root: string): Plugin => ({
  name: 'program-entry',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^program-globals$/ }, () => ({ path: 'globals', namespace: 'program' }));
    onResolve({ filter: /^program-config$/ }, () => ({ path: join(root, 'sst.config.ts') }));
    onLoad({ filter: /.*/, namespace: 'program' }, () => ({ contents: GLOBALS, resolveDir: platform.folder }));
  },
});

export interface CompiledProgram {
  /** The project's own files that went into it, absolute; SST's are left out, since its version stands for them. */
  readonly sources: readonly string[];
}

/** Bundles `sst.config.ts` with SST's components into `outfile`, which must lie in the platform's folder: `@pulumi/*` is resolved from there. */
export async function compileProgram(options: {
  readonly root: string;
  readonly platform: SstPlatform;
  readonly outfile: string;
  /** For error messages that name lines of the sources; evaluating takes twice as long with them. */
  readonly sourceMaps: boolean;
}): Promise<CompiledProgram> {
  const { root, platform, outfile, sourceMaps } = options;
  const { metafile } = await build({
    stdin: { contents: ENTRY, resolveDir: platform.folder, sourcefile: 'program.js' },
    outfile,
    bundle: true,
    write: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: sourceMaps && 'inline',
    sourcesContent: false,
    logLevel: 'silent',
    absWorkingDir: root,
    nodePaths: [join(platform.folder, 'node_modules')],
    external: ['@pulumi/*', '@pulumiverse/*', '@aws-sdk/*', 'undici', 'esbuild', 'archiver', 'glob'],
    banner: {
      js: "import { createRequire as createProgramRequire } from 'node:module'; const require = createProgramRequire(import.meta.url);",
    },
    plugins: [stableNames, entryModules(platform, root)],
  });
  const sources = Object.keys(metafile.inputs)
    .filter((input) => !input.includes('.sst/platform/') && !input.includes(':') && input !== 'program.js')
    .map((input) => join(root, input));
  return { sources };
}
