import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from './bundle.ts';
import { type EvaluateOptions, evaluateProgram } from './evaluate.ts';
import { resourceNamed } from './graph.ts';

const EVALUATIONS_MS = 60_000;
const project = fileURLToPath(new URL('../../../..', import.meta.url));

const program = (table: string) => `
/// <reference path="./.sst/platform/config.d.ts" />
export default $config({
  app: ({ stage }) => ({ name: 'shop', home: 'aws', removal: stage === 'live' ? 'retain' : 'remove' }),
  async run() {
    const { settings } = await import('./settings.ts');
    const secret = new sst.Secret('Token');
    const table = new sst.aws.Dynamo('${table}', {
      fields: { pk: 'string' },
      primaryIndex: { hashKey: 'pk' },
      ttl: settings.ttl,
    });
    new sst.aws.Function('Hello', {
      handler: 'src/hello.handler',
      environment: { TABLE: table.name, TOKEN: secret.value, FLAVOUR: process.env.FLAVOUR ?? 'plain' },
    });
    return { table: table.name };
  },
});
`;

let root = '';
const evaluate = (options: Partial<EvaluateOptions> = {}) =>
  evaluateProgram({ root, stage: 'test', secrets: { Token: 'tok_1' }, ...options });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evaluate-'));
  await mkdir(join(root, '.sst'));
  await mkdir(join(root, 'src'));
  await symlink(join(project, '.sst', 'platform'), join(root, '.sst', 'platform'));
  await writeFile(join(root, 'sst.config.ts'), program('Orders'));
  await writeFile(join(root, 'settings.ts'), "export const settings = { ttl: 'expiresAt' };\n");
  await writeFile(join(root, 'src', 'hello.ts'), 'export const handler = async (): Promise<string> => "hello";\n');
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('evaluating a program', { timeout: EVALUATIONS_MS }, () => {
  it('gives resources in the shapes of AWS, the same in every evaluation and environment, and keeps them until a source changes', async () => {
    const cacheDir = join(root, 'cache');
    process.env.FLAVOUR = 'of the caller';
    const [first, second] = await Promise.all([evaluate({ cacheDir }), evaluate()]);
    delete process.env.FLAVOUR;
    expect(second).toEqual(first);

    const table = resourceNamed(first, 'aws:dynamodb/table:Table', 'OrdersTable');
    expect(table.id).toMatch(/^shop-test-OrdersTable-[a-z]{8}$/);
    expect(table.arn).toBe(`arn:aws:dynamodb:us-east-1:000000000000:table/${table.id}`);
    expect(table.inputs.ttl).toEqual({ attributeName: 'expiresAt', enabled: true });
    expect(first.outputs).toMatchObject({ table: table.id });
    expect(first.functions).toMatchObject([
      {
        logicalName: 'Hello',
        handler: 'src/hello.handler',
        environment: { TABLE: table.id, TOKEN: 'tok_1', FLAVOUR: 'plain' },
      },
    ]);

    await writeFile(join(root, 'settings.ts'), "export const settings = { ttl: 'goneAt' };\n");
    const changed = await evaluate({ cacheDir });
    const again = await evaluate({ cacheDir });
    expect(resourceNamed(changed, 'aws:dynamodb/table:Table', 'OrdersTable').inputs.ttl).toEqual({
      attributeName: 'goneAt',
      enabled: true,
    });
    expect(again).toEqual(changed);
  });

  it('shows the program the environment that it is given', async () => {
    const graph = await evaluate({ env: { FLAVOUR: 'given' } });
    expect(graph.functions[0]?.environment.FLAVOUR).toBe('given');
  });

  it('fails with the name of a secret that has no value', async () => {
    await expect(evaluate({ secrets: {} })).rejects.toThrow('Set a value for Token');
  });

  it('bundles functions as modules that run, and fails with the name of a handler that is missing', async () => {
    const graph = await evaluate();
    const [bundle] = await bundleFunctions(graph, join(root, 'out'), root);
    const module = (await import(bundle?.file ?? '')) as { handler(): Promise<string> };
    await expect(module.handler()).resolves.toBe('hello');

    await writeFile(join(root, 'src', 'hello.ts'), 'export const other = 1;\n');
    await expect(bundleFunctions(graph, join(root, 'out'), root)).rejects.toThrow('does not export "handler"');
    await rm(join(root, 'src', 'hello.ts'));
    await expect(evaluate()).rejects.toThrow('There is no handler src/hello.handler.');
  });

  it('names the line of the source at which a program fails', async () => {
    await writeFile(join(root, 'settings.ts'), '\nexport const settings = (undefined as unknown as string).at(0);\n');
    await expect(evaluate()).rejects.toThrow(/settings\.ts:2:/);
  });
});
