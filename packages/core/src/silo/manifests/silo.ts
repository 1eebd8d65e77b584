import { type SiloInput, siloInputSchema } from '../input.ts';
import type { Manifest } from '../kubernetes.ts';
import { deploymentManifest } from './deployment.ts';
import { ingressManifest, serviceManifest } from './exposure.ts';
import { secretManifest, serviceAccountManifests } from './identity.ts';
import { namespaceManifest } from './namespace.ts';
import { networkPolicyManifests } from './network-policies.ts';
import { nodePoolManifest } from './node-pool.ts';
import { limitRangeManifest, resourceQuotaManifest } from './quota.ts';
import { autoscalerManifest, disruptionBudgetManifest } from './scaling.ts';

/**
 * Everything that a tenant's silo consists of, in the order in which it is applied: what confines pods comes before the
 * pods. The Pod Identity associations must exist before the Deployment is applied, or its first pods start without
 * credentials. A training is a Job of its own, for as long as it takes.
 * @throws {ZodError} when the input cannot become valid objects
 */
export function siloManifests(input: SiloInput): readonly Manifest[] {
  const silo = siloInputSchema.parse(input);
  return [
    namespaceManifest(silo),
    nodePoolManifest(silo),
    resourceQuotaManifest(silo),
    limitRangeManifest(silo),
    ...networkPolicyManifests(silo),
    ...serviceAccountManifests(silo),
    secretManifest(silo),
    deploymentManifest(silo),
    serviceManifest(silo),
    autoscalerManifest(silo),
    disruptionBudgetManifest(silo),
    ingressManifest(silo),
  ];
}
