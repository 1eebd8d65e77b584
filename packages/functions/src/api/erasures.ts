import { SFNClient } from '@aws-sdk/client-sfn';
import type { Actor } from '@tenantry/core/actor/actor';
import { abandonRun, claimRun, listErasures, requestErasure } from '@tenantry/core/erasure/requests';
import { type ErasureRunInput, erasureExecution } from '@tenantry/core/erasure/state-machine';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { startExecution } from '../start-execution.ts';

const { ERASURE_ARN } = readEnvironment({ ERASURE_ARN: required });
const sfn = new SFNClient({});

type Stores = Scoped<'api/erasures'>['tenant-erasures'];

/** Registers the request, and starts a run unless one is under way, which takes it next. */
async function erase(
  { Control, Audit }: Stores,
  tenantId: TenantId,
  shopperId: string,
  { actor, now }: { readonly actor: Actor; readonly now: Date },
) {
  const at = now;
  const erasureId = newId('erasure', now.getTime());
  const owed = await requestErasure({ control: Control, auditTable: Audit.name }, tenantId, shopperId, {
    erasureId,
    actor,
    at,
  });
  const run: ErasureRunInput = { tenantId, runId: newId('change', now.getTime()) };
  if (await claimRun(Control, tenantId, run.runId, at)) {
    try {
      await startExecution(sfn, ERASURE_ARN, erasureExecution(run), run);
    } catch (error) {
      // The request stays: whoever asks again starts the run.
      await abandonRun(Control, tenantId, run.runId);
      throw error;
    }
  }
  return {
    erasureId: owed.erasureId,
    status: owed.status === 'running' ? ('running' as const) : ('requested' as const),
  };
}

export const handler = createApi('erasures', createScope('api/erasures'), {
  eraseShopper: ({ actor, scoped, params: { shopperId }, now }) =>
    erase(scoped['tenant-erasures'], actor.tenantId, shopperId, { actor, now }),
  requestErasure: ({ tenant, actor, scoped, body: { shopperId }, now }) => {
    if (tenant.deactivation?.final) throw new DomainError('conflict', 'The deletion of the company has begun.');
    return erase(scoped['tenant-erasures'], tenant.tenantId, shopperId, { actor, now });
  },
  listErasures: async ({ tenant: { tenantId }, scoped, query: { limit } }) => ({
    erasures: await listErasures(scoped['tenant-erasures'].Control, tenantId, limit),
  }),
});
