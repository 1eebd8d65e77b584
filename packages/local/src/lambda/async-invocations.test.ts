import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { type LambdaHarness, startLambda, writeFunction } from './testing/lambda-harness.ts';

let lambda: LambdaHarness | undefined;
const dir = mkdtempSync(join(tmpdir(), 'async-'));
const out = join(dir, 'out.txt');
const collects = `import { appendFileSync } from 'node:fs';
  export const handler = async (event) => appendFileSync(${JSON.stringify(out)}, JSON.stringify(event) + '\\n');`;
const collected = () => (existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').filter(Boolean) : []);

afterEach(async () => {
  await lambda?.close();
  lambda = undefined;
  rmSync(dir, { recursive: true, force: true });
});

test('events that were acknowledged are run although the process was killed', async () => {
  const script = fileURLToPath(new URL('./testing/acknowledge-and-die.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dir, '12'], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  lambda = await startLambda((folder) => [writeFunction(folder, 'collect', collects)], { dir });
  await vi.waitFor(() => expect(new Set(collected()).size).toBe(12), { timeout: 8000 });
}, 15_000);

test('an event is taken at once and run afterwards', async () => {
  lambda = await startLambda((folder) => [
    writeFunction(folder, 'notes', 'export const handler = async (event) => console.log(event.n)'),
  ]);
  const answer = await lambda.client.send(
    new InvokeCommand({ FunctionName: 'notes', InvocationType: 'Event', Payload: '{"n":7}' }),
  );
  expect(answer.StatusCode).toBe(202);
  const { lines } = lambda;
  await vi.waitFor(() => expect(lines.map((line) => line.text)).toEqual(['7']));
});

test('an event whose function fails is tried three times with the same request id and then dropped, audibly', async () => {
  lambda = await startLambda(
    (folder) => [
      writeFunction(
        folder,
        'fails',
        `export const handler = async () => { console.log('tried'); throw new Error('no') }`,
      ),
    ],
    { asyncRetryDelaysMs: [5, 5] },
  );
  lambda.engine.invokeLater('fails', {});
  const { lines } = lambda;
  await vi.waitFor(() => expect(lines.at(-1)?.text).toMatch(/^Event dropped after 3 attempts: .*no/), {
    timeout: 5000,
  });
  expect(lines.filter((line) => line.text === 'tried')).toHaveLength(3);
  expect(new Set(lines.map((line) => line.requestId)).size).toBe(1);
});

test('an event over one megabyte is refused', async () => {
  lambda = await startLambda((folder) => [writeFunction(folder, 'f', 'export const handler = async () => {}')]);
  const Payload = JSON.stringify('x'.repeat(1024 * 1024));
  const command = new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload });
  await expect(lambda.client.send(command)).rejects.toMatchObject({ name: 'RequestTooLargeException' });
});
