import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const source = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

async function bundled(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({ entryPoints: [source(entry)], bundle: true, write: false, ...options });
  return outputFiles[0]?.text ?? '';
}

/** The SDK as one script for pages without a bundler. */
export const pageScript = (): Promise<string> =>
  bundled('browser.ts', { minify: true, format: 'iife', target: 'es2020' });

/** The SDK as one module for bundlers and for Node, which others may read. */
export const moduleScript = (): Promise<string> => bundled('client.ts', { format: 'esm', target: 'es2022' });
