/** What a user may be in a tenant, strongest first. */
export const roles = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** The roles that are at least as strong as the given one, for the routes' table. */
export const atLeast = (role: Role): readonly Role[] => roles.slice(0, roles.indexOf(role) + 1);
