import { join } from 'node:path';
import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';
import type { ContainerRequest } from './container.ts';

/** Where EKS mounts the token of a pod with an identity. */
const tokenMount = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token';

const security = z.record(z.string(), z.unknown()).default({});
const containerSchema = z.object({
  name: z.string(),
  resources: z.record(z.string(), z.unknown()).default({}),
  securityContext: security,
  volumeMounts: z.array(z.record(z.string(), z.unknown())).default([]),
});
const specSchema = z.object({
  containers: z.tuple([containerSchema]),
  securityContext: security,
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});

/** Of a pod's security context, what a container's own may say too. */
const inheritable = ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'seccompProfile'];

/** The label by which the containers of one local cloud are found again. */
export const ownerLabel = 'tenantry.dev/local-cloud';

export interface PlayedPod {
  readonly name: string;
  /** As podman calls it. */
  readonly containerName: string;
  readonly manifest: object;
  /** Names of the folders that it expects in `volumesDir`. */
  readonly folders: readonly string[];
}

/** An empty folder of this machine, since podman gives an `emptyDir` to root alone. */
const folderVolume = (name: string, volumesDir: string): object => ({
  name,
  hostPath: { path: join(volumesDir, name), type: 'DirectoryOrCreate' },
});

/** The name of a pod's containers: one at a time of each pod. */
const playedName = (pod: KubernetesObject): string => `tenantry-${pod.metadata.uid}`;

/**
 * The manifest that `podman kube play` runs for a pod: its container as the cluster holds it, security context, limits and volumes included. It
 * shares the machine's network, as the local cloud answers on loopback, is started once, and gets its variables as values.
 * @param request.image must have a container
 * @param volumesDir where the pod's own volumes are, which any user may write
 */
export function playManifest(
  request: Pick<ContainerRequest, 'pod' | 'image' | 'environment' | 'tokenFile'>,
  owner: string,
  volumesDir: string,
): PlayedPod {
  const { pod, image, environment, tokenFile } = request;
  if (!image.container) throw new TypeError('The image has nothing that a container could be made of.');
  const spec = specSchema.parse(pod.spec);
  const [container] = spec.containers;
  const inherited = Object.entries(spec.securityContext).filter(([name]) => inheritable.includes(name));
  const token = { name: 'eks-pod-identity-token' };
  const variables = tokenFile === undefined ? {} : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenMount };
  const name = playedName(pod);
  return {
    name,
    containerName: `${name}-${container.name}`,
    folders: spec.volumes.flatMap((volume) => ('emptyDir' in volume ? [volume.name] : [])),
    manifest: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { ...pod.metadata.labels, [ownerLabel]: owner } },
      spec: {
        hostNetwork: true,
        restartPolicy: 'Never',
        containers: [
          {
            ...container,
            image: image.container.image,
            imagePullPolicy: 'Never',
            ...(image.container.args ? { args: image.container.args } : {}),
            env: Object.entries({ ...image.env, ...environment, ...variables }).map(([key, value]) => ({
              name: key,
              value,
            })),
            securityContext: { ...Object.fromEntries(inherited), ...container.securityContext },
            volumeMounts: [
              ...container.volumeMounts,
              ...(tokenFile === undefined ? [] : [{ ...token, mountPath: tokenMount, readOnly: true }]),
            ],
          },
        ],
        volumes: [
          ...spec.volumes.map((volume) => ('emptyDir' in volume ? folderVolume(volume.name, volumesDir) : volume)),
          ...(tokenFile === undefined ? [] : [{ ...token, hostPath: { path: tokenFile, type: 'File' } }]),
        ],
      },
    },
  };
}
