import type { SiloInput } from './input.ts';
import type { Labels, ObjectMeta } from './kubernetes.ts';
import { fieldManager, siloName, siloNamespace, tenantLabel, trainerName } from './names.ts';

/** What selects a silo's pods. Never changed: a Deployment's selector is fixed for its life. */
export const selectorLabels: Labels = { 'app.kubernetes.io/name': siloName };
/** What selects the pods that train, and so no replica. */
export const trainerLabels: Labels = { 'app.kubernetes.io/name': trainerName };

/** As the API takes it in a query. */
export const labelSelector = (labels: Labels): string =>
  Object.entries(labels)
    .map((label) => label.join('='))
    .join(',');

/** What of a silo its labels are made from. */
export type Labelled = Pick<SiloInput, 'tenantId' | 'stage' | 'tier'>;

/** Labels of every object of a silo. */
export const siloLabels = (input: Labelled): Labels => ({
  ...selectorLabels,
  'app.kubernetes.io/managed-by': fieldManager,
  'app.kubernetes.io/part-of': `tenantry-${input.stage}`.slice(0, 63).replace(/-+$/, ''),
  [tenantLabel]: siloNamespace(input.tenantId),
  'tenantry.dev/tier': input.tier.name,
});

export const siloMetadata = (input: Labelled, name: string, annotations?: Labels): ObjectMeta => ({
  name,
  namespace: siloNamespace(input.tenantId),
  labels: siloLabels(input),
  ...(annotations ? { annotations } : {}),
});
