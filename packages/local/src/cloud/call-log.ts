import type { CallRecord } from '../gateway/record.ts';

/** The newest calls of AWS, in memory: what the index page shows and what the tests of least privilege read. */
export interface CallLog {
  readonly add: (record: CallRecord) => void;
  /** The newest first. */
  list(filter: { readonly denied: boolean; readonly limit: number }): readonly CallRecord[];
  /** All that are still held, the oldest first. */
  all(): readonly CallRecord[];
}

export function createCallLog(capacity = 20_000): CallLog {
  const records: CallRecord[] = [];
  return {
    add(record) {
      records.push(record);
      if (records.length > capacity * 1.1) records.splice(0, records.length - capacity);
    },
    list: ({ denied, limit }) =>
      records
        .filter((record) => !denied || !record.allowed)
        .slice(-limit)
        .reverse(),
    all: () => records,
  };
}
