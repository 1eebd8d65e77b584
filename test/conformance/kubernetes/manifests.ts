import { execFileSync } from 'node:child_process';
import { foundationManifests } from '@tenantry/core/silo/foundation/foundation';
import { siloManifests } from '@tenantry/core/silo/manifests/silo';
import { trainingJobManifest } from '@tenantry/core/silo/manifests/training-job';
import { siloInput } from '@tenantry/core/silo/testing/input';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import * as z from 'zod';
import type { Suite } from '../suite.ts';
import { buildKubernetes } from './control-plane.ts';

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What others define, and admission policies, which are only validated by a server that runs. */
const beyond: ReadonlySet<string> = new Set([
  'NodePool',
  'IngressClassParams',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

const job = (tier = siloInput().tier) =>
  trainingJobManifest({ ...siloInput({ tier }), name: 'training-01', environment: { A: '1' } });

/** Everything that a silo of every tier consists of while it trains, and what the cluster needs before. */
function ours(): readonly KubernetesObject[] {
  const silos = Object.values(tierCatalogue).flatMap(({ name, silo }) =>
    silo ? [...siloManifests(siloInput({ tier: { name, silo } })), job({ name, silo })] : [],
  );
  return [
    ...silos,
    ...foundationManifests({
      scheme: 'internal',
      certificateArns: ['arn:aws:acm:us-east-1:000000000000:certificate/a'],
    }),
  ];
}

/** What must be refused, since a judge that takes everything says nothing. */
function wrong(): readonly KubernetesObject[] {
  const right = job();
  const { template } = right.spec;
  const withPod = (change: object) => ({
    ...right,
    spec: { ...right.spec, template: { ...template, spec: { ...template.spec, ...change } } },
  });
  return [
    { ...right, spec: { ...right.spec, backOffLimit: 2 } } as KubernetesObject,
    withPod({ restartPolicy: 'Always' }),
    withPod({ containers: [] }),
    withPod({ volumes: [] }),
  ];
}

/** Kubernetes' own decoding, defaults and validation, as of an object that is created. */
export const manifests: Suite = {
  about: 'the objects of silos and their trainings, by what Kubernetes’ own API server validates with, which Go builds',
  async run() {
    const built = await buildKubernetes('validate-objects');
    if ('missing' in built) return { kind: 'skipped', reason: built.missing };
    const problemsOf = (objects: readonly KubernetesObject[]): readonly string[] =>
      execFileSync(built.program, {
        input: objects.map((one) => `${JSON.stringify(one)}\n`).join(''),
        encoding: 'utf8',
      })
        .trimEnd()
        .split('\n')
        .map((line) => z.string().parse(JSON.parse(line)));
    const objects = ours().filter(({ kind }) => !beyond.has(kind));
    const refused = problemsOf(objects).flatMap((problem, n) => (problem ? [`${objects[n]?.kind}: ${problem}`] : []));
    const taken = problemsOf(wrong()).filter((problem) => problem === '').length;
    process.stdout.write(
      `${objects.length} objects, ${refused.length} refused; ${taken} of ${wrong().length} wrong ones taken\n`,
    );
    for (const problem of refused) process.stdout.write(`  ${problem}\n`);
    return { kind: refused.length === 0 && taken === 0 ? 'passed' : 'failed' };
  },
};
