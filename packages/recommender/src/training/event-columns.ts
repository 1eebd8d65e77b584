import type { BehaviourEvent } from '@tenantry/core/events/event';
import { typeCodes } from '../index/corpus.ts';

/** Events as columns of numbers, 37 bytes each, so that ten million of them fit into a function's memory. */
export interface EventColumns {
  readonly count: number;
  /** Whose session an event may belong to: a shopper, together with the shop's own name of the session where it sends one. */
  readonly owners: Uint32Array;
  readonly items: Uint32Array;
  readonly types: Uint8Array;
  /** Milliseconds. */
  readonly times: Float64Array;
  /** The random part of an event's id in two halves; with the time they tell events apart. */
  readonly idsHigh: Float64Array;
  readonly idsLow: Float64Array;
  readonly ownerCount: number;
  /** By owner: 1 where the shop named the session. */
  readonly named: Uint8Array;
  readonly itemIds: readonly string[];
}

export async function collectColumns(events: AsyncIterable<BehaviourEvent>): Promise<EventColumns> {
  const ownerOf = new Map<string, number>();
  const itemOf = new Map<string, number>();
  let owners = new Uint32Array(4096);
  let items = new Uint32Array(4096);
  let types = new Uint8Array(4096);
  let times = new Float64Array(4096);
  let idsHigh = new Float64Array(4096);
  let idsLow = new Float64Array(4096);
  let named = new Uint8Array(4096);
  let count = 0;
  for await (const { id, shopperId, sessionId, itemId, type, time } of events) {
    if (count === owners.length) {
      owners = doubled(owners);
      items = doubled(items);
      types = doubled(types);
      times = doubled(times);
      idsHigh = doubled(idsHigh);
      idsLow = doubled(idsLow);
    }
    const owner = numberFor(ownerOf, sessionId === undefined ? shopperId : `${shopperId} ${sessionId}`);
    if (owner >= named.length) named = doubled(named);
    named[owner] = sessionId === undefined ? 0 : 1;
    owners[count] = owner;
    items[count] = numberFor(itemOf, itemId);
    types[count] = typeCodes[type];
    times[count] = Date.parse(time);
    idsHigh[count] = digits(id, 20);
    idsLow[count] = digits(id, 10);
    count += 1;
  }
  return {
    count,
    owners,
    items,
    types,
    times,
    idsHigh,
    idsLow,
    ownerCount: ownerOf.size,
    named,
    itemIds: [...itemOf.keys()],
  };
}

function numberFor(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(name, number);
  return number;
}

/** Ten characters of an id, from the `fromEnd`th last, as one exact number of base 37. */
function digits(id: string, fromEnd: number): number {
  let value = 0;
  const begin = id.length - fromEnd;
  for (let at = Math.max(0, begin); at < begin + 10; at++) {
    const code = id.charCodeAt(at);
    const digit = code >= 97 ? code - 86 : code >= 48 && code <= 57 ? code - 47 : 0;
    value = value * 37 + (digit > 36 ? 0 : digit);
  }
  return value;
}

function doubled<A extends Uint8Array | Uint32Array | Float64Array>(array: A): A {
  const Type = array.constructor as new (length: number) => A;
  const longer = new Type(array.length * 2);
  longer.set(array);
  return longer;
}
