/** Parts of a tenant that are found by listing what exists, each with its own way of naming whose it is. */
export const partKinds = [
  'siloTable',
  'eventSourceMapping',
  'podIdentityAssociation',
  'trainerAssociation',
  'namespace',
  'deployment',
  'nodePool',
  'models',
  'archive',
  'exports',
  'identityProvider',
] as const;
export type PartKind = (typeof partKinds)[number];

/** Everything that reconciliation looks at. */
export const driftKinds = [
  ...partKinds,
  'replicas',
  'leftovers',
  'execution',
  'subscription',
  'membership',
  'slug',
  'rows',
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** The state machines that change tenants. */
export const machineNames = ['onboarding', 'suspension', 'deletion', 'tierChange'] as const;
export type MachineName = (typeof machineNames)[number];
