import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileKernel } from './compile.ts';

it('has the bytes that its source compiles to', async () => {
  expect(readFileSync(new URL('score-bytes.ts', import.meta.url), 'utf8')).toBe(await compileKernel());
});
