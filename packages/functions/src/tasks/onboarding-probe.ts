import { lookup } from 'node:dns/promises';
import { createProbeKey, removeProbeKey } from '@tenantry/core/apikey/probe-key';
import { recommendationSchema } from '@tenantry/core/contract/recommendation';
import { contract } from '@tenantry/core/contract/routes';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { probeShopper } from '@tenantry/core/provisioning/probe-shopper';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { askReadiness, type SiloAddress } from '../silo-client.ts';
import { onboardingTask, type TaskOutcome } from './onboarding-task.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const environment = readEnvironment({ SITE_URL: required });
const scopeOf = createScope('tasks/onboarding-probe');
/** The public way has a deadline of its own, after which shoppers get popular items from the pool. */
const PUBLIC_DEADLINE_MS = 8000;
const shopperId = probeShopper;

/** What does not work yet; it is the timeline's reason, and the machine asks again. */
class NotYet extends Error {}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @returns the version of the tenant's model that the silo serves; `none` while it has none */
async function askSilo(tenantId: TenantId, silo: SiloAddress): Promise<string> {
  await lookup(silo.address).catch((error: unknown) => {
    throw new NotYet(`The name of the load balancer does not resolve yet: ${messageOf(error)}`);
  });
  const { modelVersion, tenantId: answering } = await askReadiness(silo).catch((error: unknown) => {
    throw new NotYet(`The silo does not answer yet: ${messageOf(error)}`);
  });
  if (answering !== tenantId) throw new Error(`The silo of another company answers at ${silo.host}.`);
  return modelVersion;
}

/** Sends a request exactly as a shop does: to the site's address, through the API and its authorizer, with a key. */
async function askAsShop(secret: string): Promise<{ readonly servedBy: string; readonly modelVersion: string }> {
  const { method, path } = contract.recommend;
  const response = await fetch(new URL(path, environment.SITE_URL), {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ shopperId, limit: 1 }),
    signal: AbortSignal.timeout(PUBLIC_DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return recommendationSchema.parse(JSON.parse(text));
}

/** The key is removed whether the request succeeds or not; should that fail too, it is void a minute later. */
async function askPublicly(keys: Table, tenantId: TenantId): Promise<Awaited<ReturnType<typeof askAsShop>>> {
  const key = await createProbeKey(keys, tenantId, new Date());
  try {
    return await askAsShop(key.secret);
  } catch (error) {
    throw new NotYet(`Shoppers’ requests are not answered yet: ${messageOf(error)}`);
  } finally {
    await key.remove();
  }
}

/** Takes back the key of a probe that could not remove it itself. */
const undo = tenantTask('onboarding probe undone', z.object(changeInput), async ({ tenantId }, requestId) => {
  await removeProbeKey(scopeOf({ tenantId, requestId })['tenant-probe'].Control, tenantId);
  return { ready: true };
});

/**
 * Looks whether shoppers will be answered: the silo's name resolves, the silo is ready with the tenant's model, and a recommendation
 * comes back by the public way from that silo and that model.
 */
const probe = onboardingTask('probe', scopeOf, async ({ tenantId }, { control }, _at, requestId) => {
  const { siloEndpoint, siloAccessToken } = await loadTenant(control, tenantId);
  if (!siloEndpoint || !siloAccessToken) throw new Error('The silo has no endpoint to probe.');
  const { Control: keys } = scopeOf({ tenantId, requestId })['tenant-probe'];
  try {
    const modelVersion = await askSilo(tenantId, { ...siloEndpoint, accessToken: siloAccessToken });
    const answer = await askPublicly(keys, tenantId);
    if (answer.servedBy !== 'silo') throw new NotYet('Shoppers’ requests do not reach the silo yet');
    if (answer.modelVersion !== modelVersion) throw new NotYet('The replicas do not serve the same model yet');
    return { ready: true } satisfies TaskOutcome;
  } catch (error) {
    if (error instanceof NotYet) return { ready: false, reason: error.message };
    throw error;
  }
});

/** Probes, or with the action `undo` removes what a probe left. */
export const handler = (event: { readonly action?: string }, context: { awsRequestId: string }) =>
  event.action === 'undo' ? undo(event, context) : probe(event, context);
