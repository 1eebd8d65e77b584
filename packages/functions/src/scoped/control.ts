import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { readEnvironment, required } from '../environment.ts';
import { scopedDynamo } from './dynamo.ts';
import { vendorFor } from './vendor.ts';

/** The control table with credentials for one tenant's rows, for functions whose only profile is `tenant-control`. */
export function scopedControl(): (scope: { tenantId: TenantId; requestId: string }) => Table {
  const { CONTROL_TABLE } = readEnvironment({ CONTROL_TABLE: required });
  const dynamo = scopedDynamo(vendorFor(['tenant-control']));
  return (scope) => ({ client: dynamo('tenant-control', scope), name: CONTROL_TABLE });
}
