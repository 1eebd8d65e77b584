import { routes } from 'virtual:tenantry/routes';
import type { RouteId } from '@tenantry/core/contract/routes';
import type { Role } from './role-select.tsx';

/** What people ask about before they give a role, the most common first; each by the route that does it. */
const listed = [
  'previewRecommendations',
  'getUsage',
  'listUsers',
  'listRecentEvents',
  'listApiKeys',
  'createApiKey',
  'trainModel',
  'updateTenant',
  'inviteUser',
  'requestErasure',
  'listAudit',
  'getBilling',
  'createPortal',
  'changeTier',
  'startExport',
  'deactivateTenant',
] as const satisfies readonly RouteId[];
export type ListedAbility = (typeof listed)[number];

/** Who may do each, by the contract, which decides it. */
export const abilities: readonly { readonly id: ListedAbility; readonly roles: readonly Role[] }[] = listed.map(
  (id) => ({ id, roles: routes[id].access.roles }),
);
