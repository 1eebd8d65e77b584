import type { Table } from '../control/table.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { SliceLimits } from './shopper-rows.ts';

/** Where a tenant's data is read from, all with the same tenant's credentials. */
export interface ExportSource {
  readonly tenant: Tenant;
  readonly exportId: string;
  readonly requestedAt: string;
  readonly control: Table;
  readonly audit: Table;
  readonly usage: Table;
  /** The table that the tenant's recommendations read: the pool's, or its own. */
  readonly events: Table;
  readonly recommendations: Table;
  readonly shoppers: Table;
  readonly catalogue: Table;
  readonly attribution: Table;
  readonly limits: SliceLimits;
  /** Asked at the last moment before a file is written. @throws when nothing may be written for the tenant any more */
  readonly assertWritable: () => Promise<void>;
}

/** What one slice of a section holds. */
export interface Content {
  readonly body: string;
  /** Lines below the header; null for what is no table. */
  readonly rows: number | null;
  /** Where the next slice of the section goes on; absent at its end. */
  readonly next?: unknown;
}

/** A kind of data, in one file or in several. */
export interface Section {
  /** What it is, for whoever opens the files. */
  readonly about: string;
  /** The name of a part's file, counted from 1. */
  readonly file: (part: number) => string;
  /** @param place what the slice before gave back as `next`; undefined for the first */
  readonly read: (source: ExportSource, place: unknown) => Promise<Content>;
}
