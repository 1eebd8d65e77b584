import type { Table } from '../control/table.ts';
import { type FlagRow, readFlags } from './flag-row.ts';
import { type FlagName, flagNames } from './flags.ts';
import { type FlagSubject, isOn } from './is-on.ts';

/** How long a change of a flag may take to be noticed. */
const KEPT_MS = 10_000;

export interface FlagSource {
  /** Every flag as it is for a company. */
  all(subject: FlagSubject): Promise<Readonly<Record<FlagName, boolean>>>;
}

/** Asks the table now and then, and answers from memory in between. */
export function createFlagSource(control: Table, now: () => number = Date.now): FlagSource {
  let held: { readonly rows: Promise<ReadonlyMap<FlagName, FlagRow>>; readonly until: number } | undefined;
  return {
    async all(subject) {
      if (!held || held.until <= now()) {
        const rows = readFlags(control);
        held = { rows, until: now() + KEPT_MS };
        // A failure is not remembered.
        rows.catch(() => {
          held = undefined;
        });
      }
      const rows = await held.rows;
      return Object.fromEntries(flagNames.map((name) => [name, isOn(name, rows.get(name)?.rule, subject)])) as Record<
        FlagName,
        boolean
      >;
    },
  };
}
