import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import { type LambdaHarness, startLambda, writeFunction } from './testing/lambda-harness.ts';

let lambda: LambdaHarness;
/** What the function did to the world outside it, in order. */
let effects: string[];

beforeEach(async () => {
  effects = [];
  lambda = await startLambda(
    (dir) => [
      writeFunction(
        dir,
        'works',
        `import http from 'node:http';
         const effect = (name) => new Promise((resolve, reject) =>
           http.get(process.env.AWS_ENDPOINT_URL + '/effect/' + name, (answer) => answer.resume().on('end', resolve)).on('error', reject));
         export const handler = async (event) => {
           try { for (const name of ['one', 'two', 'three']) await effect(name); } finally { console.log('finally'); }
           return { done: event.tenantId };
         }`,
      ),
    ],
    {
      others: async ({ path }) => {
        effects.push(path.replace('/effect/', ''));
        return {};
      },
    },
  );
});
afterEach(() => lambda.close());

async function invoke(event: object = { tenantId: 'a' }) {
  const command = new InvokeCommand({ FunctionName: 'works', Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await lambda.client.send(command);
  return { error: FunctionError, payload: JSON.parse(Payload?.transformToString() ?? 'null') };
}
const inject = (fault: Fault) => lambda.engine.injectFault(fault);
const all = ['one', 'two', 'three'];
const error = { errorType: 'RetryableError', errorMessage: 'Not now' };

test('a handler that throws before its work has done nothing', async () => {
  const fault = inject({ function: 'works', kind: 'throws-before', error });
  expect(await invoke()).toEqual({ error: 'Unhandled', payload: error });
  expect(effects).toEqual([]);
  expect(await invoke()).toEqual({ payload: { done: 'a' } });
  expect(fault.hits).toBe(1);
});

test('a handler whose answer is lost has done its work', async () => {
  inject({ function: 'works', kind: 'throws-after', error });
  expect(await invoke()).toEqual({ error: 'Unhandled', payload: error });
  expect(effects).toEqual(all);
});

test('a handler that times out has done its work, and nobody waits for it', async () => {
  inject({ function: 'works', kind: 'times-out' });
  const began = performance.now();
  expect(await invoke()).toMatchObject({ error: 'Unhandled', payload: { errorType: 'Sandbox.Timedout' } });
  expect(performance.now() - began).toBeLessThan(4000);
  expect(effects).toEqual(all);
});

test('a throttled handler does not run', async () => {
  inject({ function: 'works', kind: 'throttled' });
  await expect(invoke()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  expect(effects).toEqual([]);
});

test.each([0, 1, 2, 3])(
  'a process that is killed after %i calls has made those and ends without a last word',
  async (calls) => {
    const fault = inject({ function: 'works', kind: 'killed', afterCalls: calls });
    expect(await invoke()).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
    });
    expect(effects).toEqual(all.slice(0, calls));
    expect(lambda.lines.map(({ text }) => text)).not.toContain('finally');
    expect(fault.hits).toBe(1);
    expect(await invoke()).toEqual({ payload: { done: 'a' } });
  },
);

test('a process that ends before it was to be killed is left alone, and lives on', async () => {
  const fault = inject({ function: 'works', kind: 'killed', afterCalls: 4 });
  expect(await invoke()).toEqual({ payload: { done: 'a' } });
  expect(fault.hits).toBe(0);
  expect(await invoke()).toEqual({ payload: { done: 'a' } });
});

test('a fault hits the events that it names, from the one that it names, as often as it says', async () => {
  const fault = inject({
    function: 'works',
    event: { tenantId: 'b' },
    after: 1,
    times: 2,
    kind: 'throws-before',
    error,
  });
  const answers = [];
  for (const tenantId of ['a', 'b', 'b', 'a', 'b', 'b']) answers.push((await invoke({ tenantId })).error ?? tenantId);
  expect(answers).toEqual(['a', 'b', 'Unhandled', 'a', 'Unhandled', 'b']);
  expect(fault.hits).toBe(2);
});

test('a fault can wait for another invocation, and counts from there', async () => {
  const armedBy = { function: 'works', event: { action: 'erase' } };
  inject({ function: 'works', event: { action: 'count' }, armedBy, after: 1, kind: 'throws-before', error });
  const answers = [];
  for (const action of ['count', 'count', 'erase', 'count', 'count', 'count']) {
    answers.push((await invoke({ action })).error ?? action);
  }
  expect(answers).toEqual(['count', 'count', 'erase', 'count', 'Unhandled', 'count']);
});

test('a fault that is removed is gone, and one of another function says nothing', async () => {
  inject({ function: 'work', kind: 'throws-before', error });
  inject({ function: 'arn:aws:lambda:us-east-1:000000000000:function:works', kind: 'throws-before', error }).remove();
  expect(await invoke()).toEqual({ payload: { done: 'a' } });
});
