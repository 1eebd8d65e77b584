import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Table } from '@tenantry/core/control/table';
import { isDeactivating } from '@tenantry/core/deletion/deactivation';
import { deletionActions } from '@tenantry/core/deletion/state-machine';
import { addCounts, dataCountsSchema, dataPlaceSchema, workThrough } from '@tenantry/core/deletion/tenant-data';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { z } from 'zod';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/deletion-data', { s3: scopedS3 });

/** A slice ends well before the time limit of its state. */
const SLICE_MS = 25_000;

const inputSchema = z.object({
  ...changeInput,
  action: z.enum(deletionActions['deletion-data']),
  place: dataPlaceSchema,
  /** Of the slices before. */
  counts: dataCountsSchema,
});

async function isThere({ client, name }: Table): Promise<boolean> {
  try {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return table?.TableStatus === 'ACTIVE';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/** Counts, or erases, a slice of everything that a tenant has, with the tenant's own credentials. */
export const handler = tenantTask('deletion of data', inputSchema, async (input, requestId) => {
  const { tenantId, place, counts, action, changeId } = input;
  const { SiloEvents, ...stores } = scopeOf({ tenantId, requestId })['tenant-erasure'];
  const tenant = await loadTenant(stores.Control, tenantId);
  if (!isDeactivating(tenant) || !tenant.deactivation.final || tenant.deactivation.changeId !== changeId) {
    throw new Error('The company is not being deleted by this change.');
  }
  const until = Date.now() + SLICE_MS;
  const slice = await workThrough(
    { ...stores, SiloEvents: (await isThere(SiloEvents)) ? SiloEvents : undefined },
    tenantId,
    { from: place, erase: action === 'erase', timeIsUp: () => Date.now() > until },
  );
  return { done: !slice.next, place: slice.next ?? place, counts: addCounts(counts, slice.counts) };
});
