import type { ScalarKeyType } from './attribute-value.ts';
import type { KeySchema } from './key.ts';

export const STREAM_VIEW_TYPES = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] as const;
export type StreamViewType = (typeof STREAM_VIEW_TYPES)[number];

/** Attributes that an index holds besides its own and the table's keys. */
export type IndexProjection = 'ALL' | 'KEYS_ONLY' | readonly string[];

export interface Throughput {
  readonly read: number;
  readonly write: number;
}

export interface Index {
  readonly name: string;
  /** Distinguishes its entries from those of an earlier index of the same name. */
  readonly number: number;
  readonly scope: 'global' | 'local';
  readonly keys: KeySchema;
  readonly projection: IndexProjection;
  readonly throughput?: Throughput;
}

export interface TableStream {
  readonly arn: string;
  readonly label: string;
  readonly viewType: StreamViewType;
}

/** A table's whole definition, as it is stored. Times are milliseconds since the epoch. */
export interface Table {
  /** Identifies this table among all of the same name, past and to come. */
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly attributes: Readonly<Record<string, ScalarKeyType>>;
  readonly keys: KeySchema;
  readonly indexes: readonly Index[];
  readonly indexNumberNext: number;
  readonly billing: 'PAY_PER_REQUEST' | Throughput;
  readonly stream?: TableStream;
  /** The stream that was last on, whose records stay readable for a day. */
  readonly streamLatest?: TableStream;
  readonly ttlAttribute?: string;
  readonly pointInTimeRecovery?: { readonly days: number; readonly enabledAt: number };
  readonly deletionProtection: boolean;
  readonly tableClass?: string;
  readonly encryption?: { readonly kmsKeyId?: string };
  readonly tags: Readonly<Record<string, string>>;
}

export const indexOf = (table: Table, name: string): Index | undefined =>
  table.indexes.find((index) => index.name === name);
