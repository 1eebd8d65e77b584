import { describe, expect, it } from 'vitest';
import { tierCatalogue } from '../../tier/catalogue.ts';
import { selectorLabels } from '../labels.ts';
import { siloInput } from '../testing/input.ts';
import { unknownFields } from '../testing/published-schema.ts';
import { deploymentManifest } from './deployment.ts';
import { networkPolicyManifests } from './network-policies.ts';
import { limitRangeManifest } from './quota.ts';
import { trainingJobManifest } from './training-job.ts';

const { tier } = siloInput();
const job = (changes: Partial<Parameters<typeof trainingJobManifest>[0]> = {}) =>
  trainingJobManifest({ ...siloInput(), tier, name: 'training-01', environment: { B: '2', A: '1' }, ...changes });
const pod = job().spec.template;
const [container] = pod.spec.containers;

describe('the Job of a training', () => {
  it('is valid by the published schema, and has no field that it does not know, for every tier', async () => {
    for (const { name, silo } of Object.values(tierCatalogue)) {
      if (silo) expect(await unknownFields(job({ tier: { name, silo } }))).toEqual([]);
    }
  });

  it('runs on the silo’s own nodes, confined as its replicas are', () => {
    const replica = deploymentManifest(siloInput()).spec.template.spec;
    for (const part of [
      'nodeSelector',
      'tolerations',
      'securityContext',
      'automountServiceAccountToken',
      'volumes',
    ] as const)
      expect(pod.spec[part]).toEqual(replica[part]);
    expect(container.securityContext).toEqual(replica.containers[0].securityContext);
    expect(container.image).toBe(replica.containers[0].image);
  });

  it('has an identity of its own, and nothing of its silo’s secret', () => {
    expect(pod.spec.serviceAccountName).toBe('trainer');
    expect(container.env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    expect(JSON.stringify(job())).not.toContain(siloInput().accessToken);
  });

  it('is sent no request, and may ask AWS', () => {
    expect(pod.metadata.labels).not.toMatchObject(selectorLabels);
    const open = networkPolicyManifests(siloInput()).filter(({ spec }) => spec.podSelector.matchLabels === undefined);
    expect(open.map(({ metadata }) => metadata.name)).toEqual(['default-deny', 'allow-dns', 'allow-aws']);
  });

  it('asks for what the tier says, no more than the namespace lets a container have, and keeps its heap below', () => {
    expect(container.resources.limits).toEqual({ cpu: '1000m', memory: '3072Mi' });
    expect(container.resources.requests).toEqual(container.resources.limits);
    expect(limitRangeManifest(siloInput()).spec.limits[0]?.max).toEqual({ cpu: '1000m', memory: '3072Mi' });
    expect(container.args).toContain('--max-old-space-size=2304');
  });

  it('ends: after some attempts, after its time, and at once where another attempt would come to the same', () => {
    const { backoffLimit, activeDeadlineSeconds, podFailurePolicy } = job().spec;
    expect(backoffLimit).toBeGreaterThan(0);
    expect(activeDeadlineSeconds).toBeLessThan(3600);
    expect(podFailurePolicy.rules.map(({ action }) => action)).toEqual(['FailJob', 'Ignore']);
  });
});
