import type { IamRequirement } from '../aws/engine.ts';
import type { Catalogue } from './catalogue.ts';
import type { Items } from './items.ts';
import type { Scope } from './requirement.ts';
import type { Store } from './store.ts';
import type { StreamLog } from './stream-log.ts';

/** What every operation of the engine works with. */
export interface Context extends Scope {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly items: Items;
  readonly log: StreamLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly uuid: () => string;
}

/** A parsed call. `run` is synchronous: nothing comes between its reads and its writes. */
export interface Prepared {
  readonly requires: readonly IamRequirement[];
  run(): object;
}

/** Parses the body of one operation. */
export type Prepare = (context: Context, body: unknown) => Prepared;
