/** The state machines of the program, as staff reads of them. */
export const machineNames = [
  'onboarding',
  'tierChange',
  'suspension',
  'deletion',
  'training',
  'export',
  'fleet',
] as const;
export type StateMachineName = (typeof machineNames)[number];
