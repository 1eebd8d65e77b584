import type { Table } from '@tenantry/core/control/table';
import { crossingsOf, tableVariable } from '@tenantry/core/isolation/environment';
import type { Crossing, FunctionName, functionAccess } from '@tenantry/core/isolation/functions';
import { readEnvironment, required } from '../environment.ts';
import { ownDynamo } from './dynamo.ts';

type Crossings<F extends FunctionName> = (typeof functionAccess)[F] extends {
  readonly crosses: { readonly grants: readonly (infer C extends Crossing)[] };
}
  ? C['table']
  : never;

/**
 * The tables of which a function reaches rows with its own role, whoever they belong to: for the few that cross tenants, whose
 * entries in `functionAccess` say which rows and why.
 */
export function ownTables<F extends FunctionName>(name: F): Readonly<Record<Crossings<F>, Table>> {
  const client = ownDynamo();
  const tables = [...new Set(crossingsOf(name).map(({ table }) => table))];
  const environment = readEnvironment(Object.fromEntries(tables.map((table) => [tableVariable(table), required])));
  return Object.fromEntries(
    tables.map((table) => [table, { client, name: environment[tableVariable(table)] ?? '' }]),
  ) as Readonly<Record<Crossings<F>, Table>>;
}
