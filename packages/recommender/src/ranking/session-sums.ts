/** Sums of a few among very many sessions: the sum of `sessions[at]` is `sums[at]`, in the order in which they came up. Good until the next `begin`. */
export interface SessionSums {
  readonly sessions: Uint32Array;
  readonly sums: Float32Array;
  readonly count: number;
  /** Forgets all sums. @param most of how many sessions sums will be asked at most */
  begin(most: number): void;
  /** Adds a weight to each of the sessions `from … to` of a row. */
  add(row: Uint32Array, from: number, to: number, weight: number): void;
}

/**
 * A hash table with linear probing, never more than half full. It stays within a core's own cache, where one sum for each session of a large model does
 * not. Sessions are numbered one after the other, so their lowest bits spread them well.
 */
export function createSessionSums(): SessionSums {
  let most = 0;
  let mask = 0;
  /** Place + 1 of the session that is found there; 0 is free. */
  let table = new Uint32Array(0);
  let sessions = new Uint32Array(0);
  let sums = new Float32Array(0);
  let count = 0;
  return {
    get sessions() {
      return sessions;
    },
    get sums() {
      return sums;
    },
    get count() {
      return count;
    },
    begin(wanted) {
      if (wanted > most) {
        most = 2 ** Math.ceil(Math.log2(wanted));
        table = new Uint32Array(2 * most);
        sessions = new Uint32Array(most);
        sums = new Float32Array(most);
      }
      mask = wanted === 0 ? 0 : 2 ** Math.ceil(Math.log2(2 * wanted)) - 1;
      table.fill(0, 0, mask + 1);
      count = 0;
    },
    add(row, from, to, weight) {
      let next = count;
      for (let at = from; at < to; at++) {
        const session = row[at] ?? 0;
        let slot = session & mask;
        let place = table[slot] ?? 0;
        while (place !== 0 && sessions[place - 1] !== session) {
          slot = (slot + 1) & mask;
          place = table[slot] ?? 0;
        }
        if (place === 0) {
          sessions[next] = session;
          sums[next] = weight;
          next += 1;
          table[slot] = next;
        } else {
          sums[place - 1] = (sums[place - 1] ?? 0) + weight;
        }
      }
      count = next;
    },
  };
}
