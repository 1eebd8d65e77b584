import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../aws/engine.ts';
import { type LambdaHarness, startLambda, writeFunction } from './testing/lambda-harness.ts';

let lambda: LambdaHarness;
afterEach(() => lambda.close());

const counts = 'let n = 0; export const handler = async () => ++n';
const waits = `export const handler = (event) => {
  if (event.ms === undefined) return 'quick';
  console.log('waiting');
  return new Promise((resolve) => setTimeout(resolve, event.ms, 'old'));
}`;
const invoke = async (name: string, event: object = {}) => (await lambda.engine.invoke(name, event)).payload;

test('a reload lets what runs end with the old code and starts what comes with the new', async () => {
  lambda = await startLambda((dir) => [writeFunction(dir, 'waits', waits), writeFunction(dir, 'counts', counts)]);
  const running = invoke('waits', { ms: 300 });
  expect(await invoke('counts')).toBe(1);
  await expect.poll(() => lambda.lines.map((line) => line.text)).toContain('waiting');
  const changed = writeFunction(lambda.dir, 'waits', `export const handler = async () => 'new'`);
  await lambda.engine.reload([changed, writeFunction(lambda.dir, 'counts', counts)]);
  expect(await invoke('waits')).toBe('new');
  expect(await running).toBe('old');
  // Its code did not change, so its environment is the same.
  expect(await invoke('counts')).toBe(2);
});

test('a function that a reload leaves out is gone', async () => {
  lambda = await startLambda((dir) => [writeFunction(dir, 'counts', counts)]);
  await lambda.engine.reload([]);
  await expect(invoke('counts')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('credentials are shared until shortly before they expire, and an environment does not outlive its own', async () => {
  let clock = Date.now();
  let vended = 0;
  lambda = await startLambda(
    (dir) => [
      writeFunction(dir, 'key', 'let n = 0; export const handler = async () => [process.env.AWS_ACCESS_KEY_ID, ++n]'),
    ],
    {
      now: () => clock,
      assumeRoleForService: async ({ servicePrincipal }) => {
        expect(servicePrincipal).toBe('lambda.amazonaws.com');
        vended += 1;
        return {
          accessKeyId: `key-${vended}`,
          secretAccessKey: 's',
          sessionToken: 't',
          expiration: new Date(clock + 3_600_000),
        };
      },
    },
  );
  expect(await invoke('key')).toEqual(['key-1', 1]);
  clock += 50 * 60_000;
  expect(await invoke('key')).toEqual(['key-1', 2]);
  clock += 9 * 60_000;
  expect(await invoke('key')).toEqual(['key-2', 1]);
});

test('a function whose role cannot be assumed does not run', async () => {
  lambda = await startLambda((dir) => [writeFunction(dir, 'f', counts)], {
    assumeRoleForService: async () => {
      throw new AwsError('AccessDenied', 'no', 403);
    },
  });
  await expect(invoke('f')).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  });
});

test('the environment that was idle longest makes room for another function', async () => {
  lambda = await startLambda((dir) => ['a', 'b', 'c'].map((name) => writeFunction(dir, name, counts)), {
    limits: { perFunction: 2, total: 2 },
  });
  expect([await invoke('a'), await invoke('b'), await invoke('a'), await invoke('c')]).toEqual([1, 1, 2, 1]);
  expect(await invoke('a')).toBe(3);
  expect(await invoke('b')).toBe(1);
});

test('invocations over the limit wait their turn, and are throttled when it does not come', async () => {
  lambda = await startLambda((dir) => [writeFunction(dir, 'waits', waits)], {
    limits: { perFunction: 1, total: 4, waitMs: 500 },
  });
  // Starting an environment takes a time of its own, which is not what is looked at.
  await invoke('waits', { ms: 1 });
  const first = invoke('waits', { ms: 60 });
  expect(await Promise.all([first, invoke('waits', { ms: 1 })])).toEqual(['old', 'old']);
  const long = invoke('waits', { ms: 2000 });
  await expect(invoke('waits')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  expect(await long).toBe('old');
});

test('an environment whose invocation ran out of time is not used again', async () => {
  const code = 'let n = 0; export const handler = async (event) => event.hang ? new Promise(() => {}) : ++n';
  lambda = await startLambda((dir) => [writeFunction(dir, 'hangs', code, { timeoutSeconds: 0.1 })]);
  expect(await invoke('hangs')).toBe(1);
  expect(await invoke('hangs', { hang: true })).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect(await invoke('hangs')).toBe(1);
});

test('two functions of one name are refused', async () => {
  lambda = await startLambda((dir) => [writeFunction(dir, 'a', counts)]);
  const twice = [writeFunction(lambda.dir, 'b', counts), writeFunction(lambda.dir, 'b', counts)];
  await expect(lambda.engine.reload(twice)).rejects.toThrow('same name');
});

test('a crash between invocations costs nobody anything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  const go = join(folder, 'go');
  lambda = await startLambda((dir) => [
    writeFunction(
      dir,
      'later',
      `import { existsSync } from 'node:fs';
       let n = 0; export const handler = async () => {
         const watch = setInterval(() => { if (existsSync(${JSON.stringify(go)})) { clearInterval(watch); throw new Error('late') } }, 5);
         return ++n;
       }`,
    ),
  ]);
  expect(await invoke('later')).toBe(1);
  writeFileSync(go, '');
  await expect.poll(() => lambda.lines.some((line) => line.text.startsWith('Uncaught Exception'))).toBe(true);
  rmSync(folder, { recursive: true });
  await expect.poll(() => invoke('later')).toBe(1);
});
