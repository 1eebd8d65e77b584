/** Something did not come in time. It may still come; nobody waits for it. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** @throws {DeadlineError} when the deadline comes first */
export async function within<T>(deadlineMs: number, done: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`Nothing came within ${deadlineMs} ms.`)), deadlineMs);
  });
  // Nobody listens any more when it fails after that.
  done.catch(() => undefined);
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
