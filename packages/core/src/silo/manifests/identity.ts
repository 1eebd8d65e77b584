import type { SiloInput } from '../input.ts';
import type { SecretManifest, ServiceAccountManifest } from '../kubernetes.ts';
import { siloMetadata } from '../labels.ts';
import { serviceAccountName, siloName } from '../names.ts';

/** The identity that the Pod Identity association names. The recommender never calls the Kubernetes API, so no token. */
export const serviceAccountManifest = (input: SiloInput): ServiceAccountManifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: siloMetadata(input, serviceAccountName),
  automountServiceAccountToken: false,
});

export const accessSecret = { name: siloName, key: 'accessToken' } as const;

/** The secret that a request from the ML API must carry. */
export const secretManifest = (input: SiloInput): SecretManifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: siloMetadata(input, accessSecret.name),
  type: 'Opaque',
  data: { [accessSecret.key]: Buffer.from(input.accessToken).toString('base64') },
});
