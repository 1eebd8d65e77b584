import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

/** A process takes so many parts of a second's requests at a time, so that large tiers do not write once for each. */
const PARTS = 50;
/** Tenants that a process remembers. */
const REMEMBERED_MAX = 1000;
/** A second that ends while it is asked about has others at its start, who may come first again. */
const ATTEMPTS_MAX = 4;
/** A second further ahead than this is that of a broken clock, and nobody's. */
const AHEAD_MAX_SECONDS = 2;

const rowSchema = z.object({ second: z.int(), taken: z.int() });

/** What a process may still answer of a tenant's second. */
interface Held {
  second: number;
  left: number;
  spent: boolean;
}

/**
 * Lets as many requests of a tenant through in a second as its tier has, whatever number of processes answers them. All share one row of the
 * tenant, from which each takes requests in advance, a fiftieth of the limit at a time; what it does not use of them is lost with the second.
 */
export class RequestRate {
  readonly #now: () => number;
  readonly #held = new Map<TenantId, Held>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns whether the request may be answered; if not, another may be in the next second */
  async take(control: Table, tenantId: TenantId, perSecond: number): Promise<boolean> {
    const second = Math.floor(this.#now() / 1000);
    const held = this.#held.get(tenantId);
    // Another's clock may be a little ahead, and its second is everybody's.
    if (held && held.second >= second) {
      if (held.left > 0) {
        held.left -= 1;
        return true;
      }
      if (held.spent) return false;
    }
    const size = Math.max(1, Math.floor(perSecond / PARTS));
    const taken = await takeFrom(control, tenantId, { second, size, perSecond, fresh: held?.second !== second });
    if (this.#held.size >= REMEMBERED_MAX) this.#held.clear();
    const mine = this.#held.get(tenantId);
    // Two requests of one process may have asked at the same time.
    const left = (mine?.second === taken.second ? mine.left : 0) + taken.size;
    this.#held.set(tenantId, { second: taken.second, left: Math.max(0, left - 1), spent: taken.size === 0 });
    return left > 0;
  }
}

interface Wish {
  readonly second: number;
  readonly size: number;
  readonly perSecond: number;
  /** Whether this process asks for the first time in this second, and so may be the first of all. */
  readonly fresh: boolean;
}

/** Takes requests from the tenant's row. @returns the second that they are of, and how many; none when they are all taken */
async function takeFrom(control: Table, tenantId: TenantId, wish: Wish): Promise<{ second: number; size: number }> {
  const { size, perSecond } = wish;
  let { second, fresh } = wish;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const update = fresh
      ? {
          UpdateExpression: 'SET #second = :second, taken = :size',
          ConditionExpression: 'attribute_not_exists(#second) OR #second < :second OR #second > :ahead',
          ExpressionAttributeValues: { ':second': second, ':size': size, ':ahead': second + AHEAD_MAX_SECONDS },
        }
      : {
          UpdateExpression: 'SET taken = taken + :size',
          ConditionExpression: '#second = :second AND taken <= :most',
          ExpressionAttributeValues: { ':second': second, ':size': size, ':most': perSecond - size },
        };
    try {
      await control.client.send(
        new UpdateCommand({
          TableName: control.name,
          Key: controlKeys.requestRate(tenantId),
          ...update,
          ExpressionAttributeNames: { '#second': 'second' },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { second, size };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const row = error.Item && rowSchema.safeParse(plain(error.Item)).data;
      if (row && row.second >= second && row.second <= second + AHEAD_MAX_SECONDS) {
        if (row.taken > perSecond - size) return { second: row.second, size: 0 };
        second = row.second;
        fresh = false;
      } else {
        fresh = true;
      }
    }
  }
  return { second, size: 0 };
}

/** The exception holds the item as the wire has it, also from a document client. */
const plain = (item: Readonly<Record<string, { readonly N?: string | undefined } | number>>) =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'number' ? value : Number(value.N)]),
  );
