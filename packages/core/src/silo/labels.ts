import type { SiloInput } from './input.ts';
import type { Labels, ObjectMeta } from './kubernetes.ts';
import { fieldManager, siloName, siloNamespace, tenantLabel } from './names.ts';

/** What selects a silo's pods. Never changed: a Deployment's selector is fixed for its life. */
export const selectorLabels: Labels = { 'app.kubernetes.io/name': siloName };

/** Labels of every object of a silo. */
export const siloLabels = (input: SiloInput): Labels => ({
  ...selectorLabels,
  'app.kubernetes.io/managed-by': fieldManager,
  'app.kubernetes.io/part-of': `tenantry-${input.stage}`.slice(0, 63).replace(/-+$/, ''),
  [tenantLabel]: siloNamespace(input.tenantId),
  'tenantry.dev/tier': input.tier.name,
});

export const siloMetadata = (input: SiloInput, name: string, annotations?: Labels): ObjectMeta => ({
  name,
  namespace: siloNamespace(input.tenantId),
  labels: siloLabels(input),
  ...(annotations ? { annotations } : {}),
});
