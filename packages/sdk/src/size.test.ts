import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const GZIPPED_BYTES_MAX = 5 * 1024;

it('costs a page less than 5 kB, minified and gzipped', async () => {
  const { outputFiles } = await build({
    entryPoints: [new URL('browser.ts', import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).byteLength).toBeLessThan(GZIPPED_BYTES_MAX);
});
