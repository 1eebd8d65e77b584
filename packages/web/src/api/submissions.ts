/** The idempotency keys of what was sent and not answered yet. */
export interface Submissions {
  /** The key of a submission; the one that it had, where it got no answer. */
  keyOf(url: string, body: unknown): string;
  /** It is answered: what is sent next is another one, be it alike. */
  answered(url: string, body: unknown): void;
}

/**
 * Gives each submission of a form a key of its own. What got no answer and is sent again as it was keeps its key, so that somebody who
 * presses the button once more makes nothing a second time.
 */
export function createSubmissions(newKey: () => string): Submissions {
  const open = new Map<string, string>();
  const nameOf = (url: string, body: unknown): string => JSON.stringify([url, body]);
  return {
    keyOf(url, body) {
      const name = nameOf(url, body);
      const key = open.get(name) ?? newKey();
      open.set(name, key);
      return key;
    },
    answered(url, body) {
      open.delete(nameOf(url, body));
    },
  };
}
