import { problemStatus } from '@tenantry/core/contract/problem';
import type { Access, Route } from '@tenantry/core/contract/route';
import type { ErrorCode } from '@tenantry/core/errors/codes';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import type { Actor } from './actors.ts';

/** What a route must do with an actor. `served` means that the implementation decides. */
export type Outcome = 'served' | { readonly status: number; readonly code: ErrorCode };

const refused = (code: ErrorCode): Outcome => ({ status: problemStatus[code], code });

const byStatus = (status: TenantStatus, allowed: readonly TenantStatus[]): Outcome => {
  if (allowed.includes(status)) return 'served';
  return refused(status === 'suspended' ? 'tenant_suspended' : 'tenant_not_active');
};

/** The rule of each kind of access, said once more and in other words than the middleware's. */
const rules: { readonly [B in Access['by']]: (access: Extract<Access, { by: B }>, actor: Actor) => Outcome } = {
  anyone: () => 'served',
  stripe: (_, actor) => (actor.is === 'stripe' ? 'served' : refused('invalid_signature')),
  site: (_, actor) => (actor.is === 'page' ? 'served' : refused('forbidden')),
  user: (_, actor) => (actor.is === 'user' ? 'served' : refused('unauthenticated')),
  operator: (_, actor) => {
    if (actor.is !== 'user') return refused('unauthenticated');
    return actor.operator ? 'served' : refused('forbidden');
  },
  member: ({ roles, statuses }, actor) => {
    if (actor.is !== 'user') return refused('unauthenticated');
    if (!actor.tenant) return refused('no_active_tenant');
    const { role, status } = actor.tenant;
    if (!role || !roles.includes(role)) return refused('forbidden');
    return byStatus(status, statuses);
  },
  apiKey: ({ kinds, statuses, probe }, actor) => {
    if (actor.is !== 'key') return refused('invalid_api_key');
    if (actor.kind === 'probe') return probe ? byStatus(actor.status, probe) : refused('forbidden');
    return kinds.includes(actor.kind) ? byStatus(actor.status, statuses) : refused('forbidden');
  },
};

/** @throws when the access of a route is of a kind that has no rule here. */
export function expected({ id, access }: Route, actor: Actor): Outcome {
  const rule = (rules as Partial<Record<string, (access: Access, actor: Actor) => Outcome>>)[access.by];
  if (!rule)
    throw new Error(`The route ${id} has a kind of access without a rule in the isolation suite: ${access.by}`);
  return rule(access, actor);
}

/** Whether the refusal comes before the input is looked at, since nobody is known who could have sent it. */
export const refusedAtTheDoor = (outcome: Outcome, actor: Actor, { access }: Route): boolean =>
  outcome !== 'served' &&
  (outcome.status === 401 ||
    outcome.code === 'no_active_tenant' ||
    access.by === 'site' ||
    (access.by === 'operator' && actor.is === 'user'));
