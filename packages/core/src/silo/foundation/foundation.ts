import { groupRules } from '../provisioner.ts';
import {
  clusterRoleBindingManifest,
  clusterRoleManifest,
  namespacePolicyBindingManifest,
  namespacePolicyManifest,
} from './access.ts';
import { ingressClassManifest, ingressClassParamsManifest, networkPolicyControllerManifest } from './network.ts';

/**
 * What a cluster needs before its first silo, in the order in which it is applied. An administrator of the cluster
 * applies it at deployment; provisioning itself may not.
 */
export const foundationManifests = (input: Parameters<typeof ingressClassParamsManifest>[0]) =>
  [
    networkPolicyControllerManifest(),
    namespacePolicyManifest(),
    namespacePolicyBindingManifest(),
    ...Object.keys(groupRules).flatMap((group) => [clusterRoleManifest(group), clusterRoleBindingManifest(group)]),
    ingressClassParamsManifest(input),
    ingressClassManifest(),
  ] as const;
