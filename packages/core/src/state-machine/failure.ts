/** What a state machine says of a failure: `$states.errorOutput` of a caught error. */
export interface Failure {
  readonly Error?: string | undefined;
  readonly Cause?: string | undefined;
}

const REASON_CHARS_MAX = 300;

/**
 * A failure's reason for people: one line, without the stack that Lambda puts into the cause, and without names of resources, which
 * concern the provider alone.
 */
export function reasonOf({ Error: name = 'unknown', Cause: cause = name }: Failure): string {
  const [line = ''] = messageIn(cause).split('\n');
  return line.replace(/arn:[^\s,;"']+/g, '…').slice(0, REASON_CHARS_MAX);
}

function messageIn(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (parsed && typeof parsed === 'object' && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not Lambda's error document: the cause is a sentence already.
  }
  return cause;
}
