import { type ApiFunction, apiFunctions } from '@tenantry/core/contract/route';
import { routes } from '@tenantry/core/contract/routes';

/** The key that seals the answers to requests that may come again, for the functions that have such routes, and for no other. */
export function createAnswerKey(): Readonly<Partial<Record<ApiFunction, { ANSWER_KEY: $util.Output<string> }>>> {
  const key = new sst.Secret('AnswerKey');
  const keeping = new Set(routes.filter(({ idempotent }) => idempotent).map((route) => route.function));
  return Object.fromEntries(
    apiFunctions.filter((name) => keeping.has(name)).map((name) => [name, { ANSWER_KEY: key.value }]),
  );
}
