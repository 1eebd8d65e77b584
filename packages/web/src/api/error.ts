import type { Problem } from '@tenantry/core/contract/problem';

/** An answer of the API that is no success; status 0 when there was no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>, cause?: unknown) {
    super(problem.detail ?? `The API answered ${status}.`, cause === undefined ? undefined : { cause });
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }

  /** What is wrong with a field, where the API named it. */
  fieldMessage(field: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === field)?.message;
  }
}
