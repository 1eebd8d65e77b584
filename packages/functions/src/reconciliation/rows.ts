import { dataKinds } from '@tenantry/core/deletion/data-counts';
import { firstPlace, workThrough } from '@tenantry/core/deletion/tenant-data';
import type { Cloud } from '@tenantry/core/reconciliation/ports';
import type { StoresOf } from './scope.ts';

/** Files are found by their folders. */
const rowKinds = dataKinds.filter((kind) => !kind.endsWith('Files'));

/** What is left of a deleted tenant in the tables. What its deletion keeps is not counted: tombstone, certificate, audit log. */
export const leftRows =
  (storesOf: StoresOf): Cloud['rowsOf'] =>
  (tenantId) => {
    const stores = storesOf(tenantId)['tenant-erasure'];
    const work = async (erase: boolean): Promise<number> => {
      const { counts } = await workThrough(stores, tenantId, {
        from: firstPlace,
        erase,
        keepAudit: true,
        timeIsUp: () => false,
      });
      return rowKinds.reduce((sum, kind) => sum + counts[kind], 0);
    };
    return {
      count: () => work(false),
      removal: {
        command: 'npm run reconcile -- --fix',
        async run() {
          await work(true);
        },
      },
    };
  };
