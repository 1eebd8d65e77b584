import type { ProfileName } from '@tenantry/core/isolation/profiles';
import type { Caller } from './caller.ts';
import { type ItemAttempt, itemAttempts } from './item-attempts.ts';
import type { Judge } from './judge.ts';
import { keylessAttempts, pairAttempts, trickKeys } from './key-attempts.ts';
import { hasTableAction, siloTableGrants, tableGrants } from './policy.ts';
import { attemptSk, type Key, siloKey, type TableCase, tableCases } from './store-cases.ts';
import { indexAttempts, streamAttempts, tableAttempts } from './table-attempts.ts';
import type { StoresWorld } from './world.ts';

interface Attempting {
  readonly world: StoresWorld;
  readonly profile: ProfileName;
  readonly caller: Caller;
  readonly judge: Judge;
}

const attemptIn = ({ pk }: Key): Key => ({ pk, sk: attemptSk });

/** Every attempt on a pooled table: what is the tenant's own and granted goes through, and everything else is denied. */
export async function tryTable({ world, profile, caller, judge }: Attempting, table: string, tableCase: TableCase) {
  const { own, foreign, tableOf } = world;
  const { indexes, rowsOf, shared } = tableCase;
  const name = tableOf(table);
  const [ownRows, foreignRows] = [rowsOf(own), rowsOf(foreign)];

  const on = (attempt: ItemAttempt, keys: readonly Key[]) => {
    const { action, attributes, run } = attempt;
    const title = `${attempt.name} of ${table} ${keys.map(({ pk }) => JSON.stringify(pk)).join(' and ')}`;
    const grants = tableGrants(profile, own, { table, action, attributes, keys });
    return judge.expectThat(title, grants, () => run(caller, name, keys));
  };

  for (const attempt of itemAttempts) {
    // Keys that come near matter where the action is granted for some; elsewhere one action stands for all.
    const near = hasTableAction(profile, table, attempt.action) || attempt === itemAttempts[0];
    for (const [place, row] of ownRows.entries()) {
      const [ownKey, foreignRow] = [attemptIn(row), foreignRows[place] ?? row];
      // What is only read may as well be what is there.
      await on(attempt, [attempt.writes ? ownKey : row]);
      await on(attempt, [foreignRow]);
      for (const keys of attempt.several
        ? [
            [ownKey, foreignRow],
            [foreignRow, ownKey],
          ]
        : [])
        await on(attempt, keys);
      for (const key of near ? trickKeys(ownKey, own, foreignRow) : []) await on(attempt, [key]);
    }
    for (const pk of shared) await on(attempt, [{ pk, sk: 'planted' }]);
  }
  const [ownRow, foreignRow] = [ownRows[0], foreignRows[0]];
  if (!ownRow || !foreignRow) throw new Error(`The table ${table} has no isolation cases: no rows are planted in it.`);
  for (const [title, run] of Object.entries(keylessAttempts)) {
    await judge.expectThat(`${title} of ${table} without a partition key`, [], () => run(caller, name, ownRow));
  }
  await tryWhole({ world, profile, caller, judge }, name, attemptIn(ownRow), foreignRow);
  for (const [index, indexCase] of Object.entries(indexes)) {
    for (const [title, run] of Object.entries(indexAttempts(indexCase, [own, foreign]))) {
      await judge.expectThat(`${title} of the index ${index} of ${table}`, [], () => run(caller, name, index));
    }
  }
}

/** Calls on a table as a whole, which no profile has of a pooled one. Of its own silo's table a profile may have the size. */
async function tryWhole(
  { caller, judge }: Attempting,
  name: string,
  own: Key,
  foreign: Key,
  grantsOf: (call: string) => readonly string[] = () => [],
): Promise<void> {
  for (const [title, run] of Object.entries(tableAttempts)) {
    await judge.expectThat(`${title} of ${name}`, grantsOf(title), () => run(caller, name, own, foreign));
  }
}

/** Every attempt on the events tables of both silos, and on names that are nearly the own one's. */
export async function trySiloTables(attempting: Attempting): Promise<void> {
  const { world, profile, caller, judge } = attempting;
  const { own, foreign, siloTableOf } = world;
  const ownTable = siloTableOf(own);
  const nearly = [
    `${ownTable}x`,
    ownTable.replace(own, own.toUpperCase()),
    ownTable.replace(own, own.slice(0, -1)),
    ownTable.replace(own, `${own}-events-${foreign}`),
  ];
  for (const name of [ownTable, siloTableOf(foreign), ...nearly]) {
    const key = siloKey(name === ownTable ? own : foreign);
    for (const { name: title, action, writes, run } of itemAttempts) {
      const grants = siloTableGrants(profile, name === ownTable, action);
      const keys = [writes ? attemptIn(key) : key];
      await judge.expectThat(`${title} of ${name}`, grants, () => run(caller, name, keys));
    }
    if (nearly.includes(name)) continue;
    await tryWhole(attempting, name, attemptIn(siloKey(own)), siloKey(foreign), (call) =>
      siloTableGrants(profile, name === ownTable, call),
    );
  }
}

/** Calls over two tables, an own row in the one and a foreign row in the other, and streams of all tables. */
export async function tryAcross({ world, caller, judge }: Attempting): Promise<void> {
  const { own, foreign, tableOf, siloTableOf, streams } = world;
  const tables = Object.entries<TableCase>(tableCases).map(([name, { rowsOf }]) => ({ name: tableOf(name), rowsOf }));
  const all = (tenant: typeof own) => [
    ...tables.map(({ name, rowsOf }) => ({ table: name, rows: rowsOf(tenant) })),
    { table: siloTableOf(tenant), rows: [siloKey(tenant)] },
  ];
  for (const mine of all(own)) {
    for (const theirs of all(foreign)) {
      const [row, foreignRow] = [mine.rows[0], theirs.rows[0]];
      if (!row || !foreignRow) continue;
      for (const [title, run] of Object.entries(pairAttempts)) {
        await judge.expectThat(`${title}, ${mine.table} and ${theirs.table}`, [], () =>
          run(caller, { table: mine.table, key: attemptIn(row) }, { table: theirs.table, key: foreignRow }),
        );
      }
    }
  }
  for (const stream of streams) {
    for (const [title, run] of Object.entries(streamAttempts)) {
      await judge.expectThat(`${title} of ${stream.arn}`, [], () => run(caller, stream));
    }
  }
}
