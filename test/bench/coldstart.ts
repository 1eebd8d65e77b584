import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadProgram } from '@tenantry/local/cloud/program';
import { type BuildOptions, build } from 'esbuild';
import { inTurns, type Measurement, measured, middle } from './measurement.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const RUNS = 9;

const settings = {
  bundle: true,
  write: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  logLevel: 'silent',
  banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
} as const satisfies BuildOptions;

/** Milliseconds that a fresh process needs to load a module. */
function loadMs(file: string, environment: Readonly<Record<string, string>>): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t)); process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...environment, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
    encoding: 'utf8',
  });
  const milliseconds = Number.parseFloat(stdout);
  if (!Number.isFinite(milliseconds)) throw new Error(`${file} does not load: ${stderr}`);
  return milliseconds;
}

/** How long a function takes to load, beside its floor. */
async function compare(
  name: string,
  file: string,
  floorFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<Measurement> {
  const load = (path: string) => () => loadMs(path, environment);
  const { samples, floors } = await inTurns(RUNS, load(file), load(floorFile));
  return measured(name, 'ms', samples, middle(floors).median);
}

/** The AWS clients and Stripe's, as far as a bundle holds them. */
const clientsIn = (inputs: readonly string[]): readonly string[] => [
  ...new Set(
    inputs.flatMap(
      (input) => /node_modules\/(@aws-sdk\/(?:client-[\w-]+|lib-dynamodb)|stripe)\//.exec(input)?.[1] ?? [],
    ),
  ),
];

/**
 * The time in which each API function loads in a fresh process, against an empty handler that imports the same clients; and its
 * size as Lambda loads it.
 */
export async function* coldStart(): AsyncGenerator<Measurement> {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'coldstart-'));
  try {
    const graph = await loadProgram({
      root,
      siteUrl: 'http://localhost:4400',
      secrets: {
        StripeSecretKey: 'sk_test_bench',
        StripeWebhookSecret: 'whsec_bench',
        WebhookKey: Buffer.alloc(32).toString('base64'),
        MailKey: Buffer.alloc(32).toString('base64'),
        AnswerKey: Buffer.alloc(32).toString('base64'),
      },
    });
    for (const { handler, entry, environment } of graph.functions.filter((one) => one.handler.includes('/api/'))) {
      const name = handler.replace(/^.*\/api\/(.*)\.handler$/, 'coldstart/$1');
      const file = join(dir, `${name.replace('/', '-')}.mjs`);
      const { metafile } = await build({ ...settings, entryPoints: [entry], outfile: file });
      const clients = clientsIn(Object.keys(metafile.inputs));
      const floorFile = file.replace('.mjs', '-floor.mjs');
      await build({
        ...settings,
        stdin: {
          contents: `${clients.map((client, at) => `import * as c${at} from '${client}';`).join('\n')}
            export const handler = () => [${clients.map((_, at) => `c${at}`).join(', ')}];`,
          resolveDir: join(root, 'packages/functions'),
        },
        outfile: floorFile,
      });
      yield await compare(name, file, floorFile, environment);
      yield { name: `${name}/bytes`, value: gzipSync(readFileSync(file)).byteLength, unit: 'bytes', n: 1, spread: 0 };
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
