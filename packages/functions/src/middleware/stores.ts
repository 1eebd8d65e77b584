import type { Route } from '@tenantry/core/contract/route';
import type { Table } from '@tenantry/core/control/table';
import type { RequestState } from './api-event.ts';

/**
 * The control table of the caller's tenant, by the one among the function's profiles that is for the purpose.
 * @param suits whether a profile of this name is
 * @throws {Error} when the function has none
 */
export function controlBy(route: Route, state: RequestState, suits: (name: string) => boolean, purpose: string): Table {
  const stores = state.scoped as Readonly<Record<string, { readonly Control: Table }>> | undefined;
  const control = stores?.[Object.keys(stores).find(suits) ?? '']?.Control;
  if (!control) throw new Error(`The function of ${route.id} has no access profile ${purpose}.`);
  return control;
}
