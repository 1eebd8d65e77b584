import type { BlobStore } from './blobs.ts';
import type { ObjectIndex } from './store.ts';

/** What every S3 operation works with. */
export interface S3Context {
  readonly index: ObjectIndex;
  readonly blobs: BlobStore;
  readonly region: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** S3 keeps modification times in whole seconds where conditions compare them. */
export const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
