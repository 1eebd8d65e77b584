/** What a user may be in a tenant, strongest first. */
export const roles = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Which roles somebody of a role may give to others, and take from them. */
export const mayGive: Readonly<Record<Role, readonly Role[]>> = {
  owner: roles,
  admin: ['admin', 'member', 'viewer'],
  member: [],
  viewer: [],
};

/** The roles that are at least as strong as the given one, for the routes' table. */
export const atLeast = (role: Role): readonly Role[] => roles.slice(0, roles.indexOf(role) + 1);
