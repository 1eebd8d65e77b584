import { renderUsage, totalUsage } from '../admission/quota.ts';
import { isJsonObject, sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { createWorkQueue } from './queue.ts';

const retryMs = 500;

/** Shows in each ResourceQuota how much of it is used. */
export function startQuotaController(store: Store): { close(): void } {
  const queue = createWorkQueue((namespace) => {
    const usage = renderUsage(totalUsage(store.list('Pod', namespace).items));
    for (const quota of store.list('ResourceQuota', namespace).items) {
      const hard = isJsonObject(quota.spec) && isJsonObject(quota.spec.hard) ? quota.spec.hard : {};
      const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, usage[resource] ?? '0']));
      if (!sameJson(quota.status, { hard, used })) store.put({ ...quota, status: { hard, used } });
    }
  }, retryMs);

  const end = store.subscribe(({ object }) => {
    const { namespace } = object.metadata;
    if (namespace !== undefined && (object.kind === 'Pod' || object.kind === 'ResourceQuota')) queue.add(namespace);
  });
  return {
    close() {
      end();
      queue.close();
    },
  };
}
