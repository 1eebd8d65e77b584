/** As many domains as one company may claim. */
export const domainsMax = 10;

/** How often the text record of a verified domain is looked for again. */
export const domainRecheckSeconds = 24 * 3600;

/** For how long a domain stays a company's after its text record was found missing. */
export const domainGraceSeconds = 7 * 24 * 3600;

/** Roles that somebody may be given who arrives by the provider for the first time. */
export const arrivalRoles = ['member', 'viewer'] as const;
export type ArrivalRole = (typeof arrivalRoles)[number];
