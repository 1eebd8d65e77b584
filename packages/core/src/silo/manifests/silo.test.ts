import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierCatalogue } from '../../tier/catalogue.ts';
import { containerLimits, podsMax } from '../capacity.ts';
import type { SiloInput } from '../input.ts';
import type { Manifest } from '../kubernetes.ts';
import { serviceAccountName, trainerName } from '../names.ts';
import { siloInput } from '../testing/input.ts';
import { unknownFields } from '../testing/published-schema.ts';
import { siloManifests } from './silo.ts';

function only<K extends Manifest['kind']>(manifests: readonly Manifest[], kind: K): Extract<Manifest, { kind: K }> {
  const found = manifests.filter((one): one is Extract<Manifest, { kind: K }> => one.kind === kind);
  const [first] = found;
  if (found.length !== 1 || !first) throw new Error(`There are ${found.length} of ${kind}.`);
  return first;
}

const policies = (manifests: readonly Manifest[]) => manifests.filter((one) => one.kind === 'NetworkPolicy');
const millis = (amount: string | undefined): number => Number(/^(\d+)m$/.exec(amount ?? '')?.[1]);
const mebibytes = (amount: string | undefined): number => Number(/^(\d+)Mi$/.exec(amount ?? '')?.[1]);

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/);
const inputs: fc.Arbitrary<SiloInput> = fc
  .record({
    tenantId: fc.stringMatching(/^ten_[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/),
    slug: label,
    stage: label,
    replicasMin: fc.integer({ min: 1, max: 5 }),
    extra: fc.integer({ min: 0, max: 20 }),
    cpuMillis: fc.integer({ min: 10, max: 4000 }),
    memoryMiB: fc.integer({ min: 64, max: 8192 }),
    environment: fc.dictionary(fc.stringMatching(/^V_[A-Z0-9_]{1,10}$/), fc.string({ maxLength: 30 })),
    accessToken: fc.string({ minLength: 22, maxLength: 60 }),
  })
  .map(({ tenantId, slug, stage, replicasMin, extra, cpuMillis, memoryMiB, environment, accessToken }) =>
    siloInput({
      tenantId: tenantId as SiloInput['tenantId'],
      slug,
      stage,
      environment,
      accessToken,
      host: `${slug}.silo.example.com`,
      tier: {
        name: 'premium',
        silo: {
          replicasMin,
          replicasMax: replicasMin + extra,
          cpuMillis,
          memoryMiB,
          nodeCpus: [8, 16],
          trainer: { cpuMillis: 1500, memoryMiB },
        },
      },
    }),
  );

describe('the manifests of a silo', () => {
  it('are valid by the published schemas, and have no field that those do not know', async () => {
    for (const manifest of siloManifests(siloInput())) {
      expect(await unknownFields(manifest), manifest.kind).toEqual([]);
    }
  });

  it('would be caught with a misspelt field', async () => {
    const deployment = only(siloManifests(siloInput()), 'Deployment');
    const [container] = deployment.spec.template.spec.containers;
    const template = { spec: { ...deployment.spec.template.spec, containers: [{ ...container, redinessProbe: {} }] } };
    const misspelt = { ...deployment, spec: { ...deployment.spec, template } };
    expect(await unknownFields(misspelt)).toEqual(['.spec.template.spec.containers[0].redinessProbe']);
  });

  it('come in an order in which nothing needs what is still to come', () => {
    const order = siloManifests(siloInput()).map((one) => one.kind);
    const before = (first: string, second: string) =>
      expect(order.lastIndexOf(first as never)).toBeLessThan(order.indexOf(second as never));
    for (const kind of new Set(order.slice(1))) before('Namespace', kind);
    for (const kind of ['NodePool', 'ResourceQuota', 'LimitRange', 'NetworkPolicy', 'ServiceAccount', 'Secret'])
      before(kind, 'Deployment');
    before('Service', 'Ingress');
  });

  it('are named, labelled and selected consistently, whatever the tenant', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const manifests = siloManifests(input);
        const namespace = only(manifests, 'Namespace').metadata.name;
        const names = manifests.map((one) => `${one.kind}/${one.metadata.name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { kind, metadata } of manifests) {
          expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
          const wide = kind === 'Namespace' || kind === 'NodePool';
          expect(metadata.namespace).toBe(wide ? undefined : namespace);
          for (const value of Object.values(metadata.labels ?? {})) {
            expect(value).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
          }
        }
        expect(`ten_${namespace}`).toBe(input.tenantId);
        const deployment = only(manifests, 'Deployment');
        const podLabels = deployment.spec.template.metadata.labels;
        const selectors = [
          deployment.spec.selector.matchLabels,
          only(manifests, 'Service').spec.selector,
          only(manifests, 'PodDisruptionBudget').spec.selector.matchLabels,
          ...deployment.spec.template.spec.topologySpreadConstraints.map((one) => one.labelSelector.matchLabels),
          ...policies(manifests).flatMap((one) =>
            one.spec.podSelector.matchLabels ? [one.spec.podSelector.matchLabels] : [],
          ),
        ];
        for (const selector of selectors) expect(podLabels).toMatchObject(selector);
      }),
      { numRuns: 50 },
    );
  });

  it('let all replicas that the tier allows run at once, with one more during an update', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const manifests = siloManifests(input);
        const { hard } = only(manifests, 'ResourceQuota').spec;
        const { maxReplicas, minReplicas } = only(manifests, 'HorizontalPodAutoscaler').spec;
        const { maxSurge } = only(manifests, 'Deployment').spec.strategy.rollingUpdate;
        const [{ resources }] = only(manifests, 'Deployment').spec.template.spec.containers;
        const pods = maxReplicas + maxSurge;
        expect(minReplicas).toBeLessThanOrEqual(maxReplicas);
        expect(Number(hard.pods)).toBeGreaterThanOrEqual(pods);
        for (const part of ['requests', 'limits'] as const) {
          expect(millis(hard[`${part}.cpu`])).toBeGreaterThanOrEqual(pods * millis(resources[part].cpu));
          expect(mebibytes(hard[`${part}.memory`])).toBeGreaterThanOrEqual(pods * mebibytes(resources[part].memory));
        }
        // And the one that trains beside them.
        expect(Number(hard.pods)).toBe(podsMax(input.tier.silo) + 1);
        const { trainer } = input.tier.silo;
        for (const part of ['requests', 'limits'] as const) {
          const rest = pods * millis(resources[part].cpu) + trainer.cpuMillis;
          expect(millis(hard[`${part}.cpu`])).toBeGreaterThanOrEqual(rest);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('allow no container more than the limit range does', () => {
    const manifests = siloManifests(siloInput());
    const [limit] = only(manifests, 'LimitRange').spec.limits;
    const { trainer } = siloInput().tier.silo;
    expect(limit?.max).toEqual({ cpu: '1000m', memory: `${trainer.memoryMiB}Mi` });
    expect(limit?.default).toEqual(containerLimits(siloInput().tier.silo));
    const { limits } = only(manifests, 'Deployment').spec.template.spec.containers[0].resources;
    expect(millis(limits.cpu)).toBeLessThanOrEqual(millis(limit?.max.cpu));
    expect(mebibytes(limits.memory)).toBeLessThanOrEqual(mebibytes(limit?.max.memory));
  });

  it('run every pod at the restricted security level, in a namespace that enforces it', () => {
    const manifests = siloManifests(siloInput());
    expect(only(manifests, 'Namespace').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    const { spec } = only(manifests, 'Deployment').spec.template;
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
    expect(spec.automountServiceAccountToken).toBe(false);
    const accounts = manifests.filter((one) => one.kind === 'ServiceAccount');
    expect(accounts.map(({ metadata }) => metadata.name)).toEqual([serviceAccountName, trainerName]);
    expect(accounts.every((one) => one.automountServiceAccountToken === false)).toBe(true);
    for (const { securityContext } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('deny all traffic and open only DNS, the load balancer, TLS and the Pod Identity agent', () => {
    const [deny, ...openings] = policies(siloManifests(siloInput()));
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const opened = openings.flatMap(({ spec }) => [
      ...(spec.ingress ?? []).map(({ from, ports }) => ({ in: from, ports })),
      ...(spec.egress ?? []).map(({ to, ports }) => ({ out: to, ports })),
    ]);
    for (const opening of opened) {
      expect('in' in opening ? opening.in.length : opening.out.length).toBeGreaterThan(0);
      expect(opening.ports.length).toBeGreaterThan(0);
    }
    expect(opened.flatMap(({ ports }) => ports.map(({ port }) => port)).sort((a, b) => a - b)).toEqual([
      53, 53, 80, 443, 8080,
    ]);
    const metadata = opened.filter((one) => JSON.stringify(one).includes('169.254.'));
    expect(metadata).toMatchObject([
      { out: [{ ipBlock: { except: ['169.254.0.0/16'] } }] },
      { out: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ port: 80 }] },
    ]);
  });

  it('keep the access token out of everything but the secret', () => {
    const input = siloInput();
    const encoded = Buffer.from(input.accessToken).toString('base64');
    for (const manifest of siloManifests(input)) {
      const text = JSON.stringify(manifest);
      expect(text.includes(input.accessToken)).toBe(false);
      expect(text.includes(encoded)).toBe(manifest.kind === 'Secret');
    }
  });

  it('replace the pods when the access token changes, and leave them when it does not', () => {
    const template = (accessToken: string) =>
      only(siloManifests(siloInput({ accessToken })), 'Deployment').spec.template;
    expect(template('a'.repeat(32))).toEqual(template('a'.repeat(32)));
    expect(template('a'.repeat(32))).not.toEqual(template('b'.repeat(32)));
  });

  it('state no number of replicas, which belongs to the autoscaler', () => {
    expect(only(siloManifests(siloInput()), 'Deployment').spec).not.toHaveProperty('replicas');
  });

  it('can be made for every tier that has a silo', () => {
    const tiers = Object.values(tierCatalogue).flatMap((tier) =>
      tier.silo ? [{ name: tier.name, silo: tier.silo }] : [],
    );
    expect(tiers.length).toBeGreaterThan(0);
    for (const tier of tiers) expect(siloManifests(siloInput({ tier }))).not.toEqual([]);
  });

  it.each([
    ['a variable that the pod sets itself', { environment: { PORT: '1' } }],
    ['a variable that is no name', { environment: { 'A-B': '1' } }],
    ['a host that is no name', { host: 'UPPER.example' }],
    ['a token that can be guessed', { accessToken: 'short' }],
    ['an id that is none', { tenantId: 'ten_UPPER' as SiloInput['tenantId'] }],
    [
      'more replicas at least than at most',
      { tier: { name: 'x', silo: { ...siloInput().tier.silo, replicasMin: 9 } } },
    ],
  ])('refuse %s', (_what, changes) => {
    expect(() => siloManifests(siloInput(changes))).toThrow();
  });
});
