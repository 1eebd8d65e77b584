/** As many domains as one company may claim. */
export const domainsMax = 10;

/** Roles that somebody may be given who arrives by the provider for the first time. */
export const arrivalRoles = ['member', 'viewer'] as const;
export type ArrivalRole = (typeof arrivalRoles)[number];
