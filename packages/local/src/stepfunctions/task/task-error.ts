/** Why a task failed: the error's name as `Retry` and `Catch` see it, and the cause as message. */
export class TaskError extends Error {
  readonly code: string;

  constructor(code: string, cause: string) {
    super(cause);
    this.name = 'TaskError';
    this.code = code;
  }
}
