import type { TenantId } from '@tenantry/core/ids/id';

const TENANTS_AT_ONCE = 8;

export interface Tally {
  readonly done: number;
  readonly failed: number;
  readonly left: number;
}

/**
 * Works through what is to be done for tenants: of each tenant one after the other and in the order given, of several tenants side by side.
 * What fails ends the work for its tenant, and for nobody else.
 */
export async function forEachTenant<T extends { readonly tenantId: TenantId }>(
  items: AsyncIterable<T>,
  options: {
    readonly timeIsUp: () => boolean;
    readonly work: (tenantId: TenantId, item: T) => Promise<void>;
    readonly onFailure: (error: unknown, item: T) => void;
  },
): Promise<Tally> {
  const byTenant = new Map<TenantId, T[]>();
  for await (const item of items) {
    const list = byTenant.get(item.tenantId);
    if (list) list.push(item);
    else byTenant.set(item.tenantId, [item]);
  }
  const queue = [...byTenant];
  let done = 0;
  let failed = 0;
  let left = 0;

  async function worker(): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [tenantId, list] = next;
      for (const [index, item] of list.entries()) {
        if (options.timeIsUp()) {
          left += list.length - index;
          break;
        }
        try {
          await options.work(tenantId, item);
          done += 1;
        } catch (error) {
          options.onFailure(error, item);
          failed += 1;
          left += list.length - index - 1;
          break;
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(TENANTS_AT_ONCE, queue.length) }, worker));
  return { done, failed, left };
}
