import { deploymentManifest } from '@tenantry/core/silo/manifests/deployment';
import { siloInput } from '@tenantry/core/silo/testing/input';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../object.ts';
import { playManifest } from './podman-manifest.ts';

const template = deploymentManifest(siloInput()).spec.template;
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'recommender-x',
    namespace: 'ns',
    uid: 'b0c6',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2030-01-01T00:00:00Z',
    labels: template.metadata.labels,
  },
  spec: template.spec,
} as unknown as KubernetesObject;
const play = (tokenFile?: string) =>
  playManifest(
    {
      pod,
      image: { command: ['false'], env: { FROM_IMAGE: 'yes' }, container: { image: 'localhost/recommender:1' } },
      environment: { PORT: '4711' },
      tokenFile,
    },
    'owner',
    '/local/volumes/b0c6',
  );
const container = (played: ReturnType<typeof play>) =>
  (played.manifest as { spec: { containers: [Record<string, unknown>] } }).spec.containers[0];

describe('what podman plays for a pod', () => {
  it('keeps what the Deployment demands of its container', () => {
    expect(container(play())).toMatchObject({
      image: 'localhost/recommender:1',
      resources: template.spec.containers[0].resources,
      securityContext: {
        ...template.spec.containers[0].securityContext,
        runAsNonRoot: true,
        runAsUser: 10_001,
        runAsGroup: 10_001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
  });

  it('is started once, on the machine’s network, with the variables of the image and of the pod', () => {
    expect(play().manifest).toMatchObject({ spec: { hostNetwork: true, restartPolicy: 'Never' } });
    expect(container(play()).env).toEqual([
      { name: 'FROM_IMAGE', value: 'yes' },
      { name: 'PORT', value: '4711' },
    ]);
  });

  it('mounts a token only for a pod with an identity, where EKS does', () => {
    expect(JSON.stringify(play())).not.toContain('identity-token');
    const played = play('/local/pods/b0c6.token');
    expect(JSON.stringify(played)).toContain('"hostPath":{"path":"/local/pods/b0c6.token","type":"File"}');
    const path = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token';
    expect(container(played).env).toContainEqual({ name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', value: path });
    expect(container(played).volumeMounts).toContainEqual({
      name: 'eks-pod-identity-token',
      mountPath: path,
      readOnly: true,
    });
  });

  it('has a folder of its own for each empty volume', () => {
    const { folders, manifest } = play();
    expect(folders).toEqual(['tmp']);
    expect(JSON.stringify(manifest)).toContain('"hostPath":{"path":"/local/volumes/b0c6/tmp"');
  });
});
