import { ApiProblem } from '@tenantry/local/demo/api-client';

/** The code by which a call was refused; `served` when it was not. */
export const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'served',
    (error: unknown) => (error instanceof ApiProblem ? String(error.problem.code) : String(error)),
  );
