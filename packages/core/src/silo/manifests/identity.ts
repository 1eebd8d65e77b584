import type { SiloInput } from '../input.ts';
import type { SecretManifest, ServiceAccountManifest } from '../kubernetes.ts';
import { siloMetadata } from '../labels.ts';
import { serviceAccountName, siloName, trainerName } from '../names.ts';

const serviceAccount = (input: SiloInput, name: string): ServiceAccountManifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: siloMetadata(input, name),
  automountServiceAccountToken: false,
});

/** The identities that Pod Identity associations name: who answers shoppers, and who trains. Neither calls the Kubernetes API, so no tokens. */
export const serviceAccountManifests = (input: SiloInput): readonly ServiceAccountManifest[] =>
  [serviceAccountName, trainerName].map((name) => serviceAccount(input, name));

export const accessSecret = { name: siloName, key: 'accessToken' } as const;

/** The secret that a request from the ML API must carry. */
export const secretManifest = (input: SiloInput): SecretManifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: siloMetadata(input, accessSecret.name),
  type: 'Opaque',
  data: { [accessSecret.key]: Buffer.from(input.accessToken).toString('base64') },
});
