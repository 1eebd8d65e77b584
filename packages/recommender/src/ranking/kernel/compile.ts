import { readFileSync, writeFileSync } from 'node:fs';
import openWabt from 'wabt';

const source = new URL('score.wat', import.meta.url);
const target = new URL('score-bytes.ts', import.meta.url);

/** @returns the module of `score-bytes.ts`, as `score.wat` makes it. `npm run kernel` writes it. */
export async function compileKernel(): Promise<string> {
  const wabt = await openWabt();
  const parsed = wabt.parseWat('score.wat', readFileSync(source, 'utf8'), { simd: true });
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const lines =
    Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  return [
    '/** What `score.wat` compiles to, in base64: made by `npm run kernel`. */',
    'export const scoreBytes = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(target, await compileKernel());
