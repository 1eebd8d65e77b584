import { addCounts, dataCountsSchema } from '@tenantry/core/deletion/data-counts';
import { isBeingDeletedBy } from '@tenantry/core/deletion/deactivation';
import { deletionActions } from '@tenantry/core/deletion/state-machine';
import { dataPlaceSchema, workThrough } from '@tenantry/core/deletion/tenant-data';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
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

/** Counts, or erases, a slice of everything that a tenant has, with the tenant's own credentials. */
export const handler = tenantTask('deletion of data', inputSchema, async (input, requestId) => {
  const { tenantId, place, counts, action, changeId } = input;
  const stores = scopeOf({ tenantId, requestId })['tenant-erasure'];
  const tenant = await loadTenant(stores.Control, tenantId);
  if (!isBeingDeletedBy(tenant, changeId)) throw new Error('The company is not being deleted by this change.');
  const until = Date.now() + SLICE_MS;
  const timeIsUp = () => Date.now() > until;
  const slice = await workThrough(stores, tenantId, { from: place, erase: action === 'erase', timeIsUp });
  return { done: !slice.next, place: slice.next ?? place, counts: addCounts(counts, slice.counts) };
});
