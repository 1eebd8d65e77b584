import * as z from 'zod';

const securitySchema = z.object({
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  seccompProfile: z.object({ type: z.string() }).optional(),
  capabilities: z.object({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() }).optional(),
});

const podSchema = z.object({
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  securityContext: securitySchema.optional(),
  volumes: z.array(z.looseObject({ name: z.string() })).optional(),
  containers: z.array(z.object({ name: z.string(), securityContext: securitySchema.optional() })),
});

const seccompAllowed = ['RuntimeDefault', 'Localhost'];

/** What in a pod's specification the `restricted` Pod Security standard does not allow; empty when all is well. */
export function restrictedViolations(spec: unknown): readonly string[] {
  const pod = podSchema.parse(spec);
  const found: string[] = [];
  if (pod.hostNetwork || pod.hostPID || pod.hostIPC) found.push('host namespaces');
  for (const volume of pod.volumes ?? []) {
    if ('hostPath' in volume) found.push(`restricted volume types (volume "${volume.name}" uses hostPath)`);
  }
  for (const container of pod.containers) {
    const named = `container "${container.name}" must set`;
    const own = container.securityContext ?? {};
    const effective = { ...pod.securityContext, ...own };
    if (own.privileged) found.push(`privileged (container "${container.name}" must not be privileged)`);
    if (own.allowPrivilegeEscalation !== false) {
      found.push(`allowPrivilegeEscalation != false (${named} securityContext.allowPrivilegeEscalation=false)`);
    }
    const added = (own.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE');
    if (!own.capabilities?.drop?.includes('ALL') || added.length > 0) {
      found.push(`unrestricted capabilities (${named} securityContext.capabilities.drop=["ALL"])`);
    }
    if (effective.runAsNonRoot !== true)
      found.push(`runAsNonRoot != true (${named} securityContext.runAsNonRoot=true)`);
    if (effective.runAsUser === 0) found.push(`runAsUser=0 (container "${container.name}" must not run as root)`);
    if (!seccompAllowed.includes(effective.seccompProfile?.type ?? '')) {
      found.push(`seccompProfile (${named} securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`);
    }
  }
  return found;
}
