import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainingJobManifest } from '@tenantry/core/silo/manifests/training-job';
import { jobOutcome } from '@tenantry/core/silo/training-job';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterHarness, eventually, podImage, startCluster } from '../testing/cluster-harness.ts';
import { applyAll, siloNamespace, testSilo, testTier } from '../testing/manifests.ts';

/** What stands for the image: whatever its variable says, it does and ends. */
const program = `
const { DO, STEPS } = process.env;
console.log(process.argv.slice(2).join(' '), STEPS);
if (DO === 'wait') setInterval(() => undefined, 1000);
else process.exitCode = Number(DO);
`;

let cluster: ClusterHarness;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'job-image-'));
  writeFileSync(join(folder, 'trainer.mjs'), program);
  cluster = await startCluster({
    graceMsMax: 500,
    images: {
      [podImage]: {
        command: [process.execPath, '-e', 'setInterval(() => undefined, 1000)'],
        program: { entrypoint: process.execPath, folder: { inImage: '/app/', here: `${folder}/` } },
      },
    },
  });
  const [namespace, ...confining] = testSilo();
  // All that a silo has but its recommender.
  const others = confining.filter(({ kind }) => !['Deployment', 'Ingress', 'Service'].includes(kind));
  if (namespace) await applyAll(cluster.client('provisioner'), [namespace, ...others]);
});
afterAll(() => cluster.close());

const reference = { apiVersion: 'batch/v1', kind: 'Job', namespace: siloNamespace, name: 'training-1' } as const;
const job = (environment: Record<string, string>) =>
  trainingJobManifest({
    tenantId: `ten_${siloNamespace}`,
    stage: 'local',
    tier: testTier,
    image: `${podImage}:1`,
    name: reference.name,
    environment,
  });
const pods = () =>
  cluster
    .client()
    .list(
      { apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace },
      { labelSelector: `batch.kubernetes.io/job-name=${reference.name}` },
    );
const outcome = async () => jobOutcome(await cluster.client().get(reference), await pods());
const ended = () =>
  eventually(async () => {
    const found = await outcome();
    return found.kind !== 'waiting' && found;
  }, 20_000);
const gone = () => eventually(async () => (await pods()).length === 0, 20_000);

afterEach(async () => {
  await cluster.client().delete(reference);
  await gone();
});

describe('a Job on the local cluster', () => {
  it('runs the image’s other program once, with its own arguments and variables, and is complete', async () => {
    await cluster.client('trainer').apply(job({ DO: '0', STEPS: 'all' }));
    expect(await ended()).toEqual({ kind: 'complete' });
    expect(await pods()).toMatchObject([{ status: { phase: 'Succeeded' } }]);
    expect(cluster.logs.map(({ line }) => line)).toContain(' all');
    // The same again changes nothing.
    await cluster.client('trainer').apply(job({ DO: '0', STEPS: 'all' }));
    expect(await pods()).toHaveLength(1);
  }, 60_000);

  it('tries as often as it may, and fails by what its process ended with', async () => {
    await cluster.client('trainer').apply(job({ DO: '7' }));
    expect(await ended()).toEqual({ kind: 'failed', reason: expect.stringContaining('3 times, with exit code 7') });
    expect((await pods()).map(({ status }) => status)).toMatchObject(Array(3).fill({ phase: 'Failed' }));
  }, 60_000);

  it('fails at once by the exit code that says that nothing else will come of it', async () => {
    await cluster.client('trainer').apply(job({ DO: '3' }));
    expect(await ended()).toMatchObject({ reason: expect.stringContaining('[PodFailurePolicy]') });
    expect(await pods()).toHaveLength(1);
  }, 60_000);

  it('takes its process with it when it is deleted', async () => {
    await cluster.client('trainer').apply(job({ DO: 'wait' }));
    await eventually(async () => JSON.stringify(await pods()).includes('"Running"'), 20_000);
    await cluster.client('trainer').delete(reference);
    await gone();
  }, 60_000);

  it('is refused to whoever only provisions, or only looks', async () => {
    for (const role of ['provisioner', 'idle']) {
      await expect(cluster.client(role).apply(job({ DO: '0' }))).rejects.toMatchObject({ code: 'forbidden' });
    }
    await cluster.client('trainer').apply(job({ DO: '0' }));
    await expect(
      cluster
        .client('trainer')
        .get({ apiVersion: 'v1', kind: 'Secret', namespace: siloNamespace, name: 'recommender' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  }, 60_000);

  it('that is no Job, or is changed after it was made, is refused by name', async () => {
    const { spec, ...rest } = job({ DO: '0' });
    const template = { ...spec.template, spec: { ...spec.template.spec, restartPolicy: 'Always' } };
    const apply = (changed: object) => {
      const manifest = { ...rest, spec: { ...spec, ...changed } };
      return cluster.client().apply(manifest);
    };
    await expect(apply({ template })).rejects.toThrow(/restartPolicy/);
    await expect(apply({ completions: 2 })).rejects.toThrow(/this cluster runs one pod of a Job/);
    await expect(apply({ backofflimit: 2 })).rejects.toThrow(/unknown field "spec.backofflimit"/);
    await apply({});
    const image = { ...spec.template.spec.containers[0], image: `${podImage}:2` };
    const other = { ...spec.template, spec: { ...spec.template.spec, containers: [image] } };
    await expect(apply({ template: other })).rejects.toThrow(/spec.template: Invalid value: field is immutable/);
  }, 60_000);
});
