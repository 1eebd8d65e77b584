import { TenantryError } from './error.ts';

export interface ApiOptions {
  readonly key: string;
  /** Origin of the API, without a slash at the end. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

export type Post = (path: string, body: unknown, options?: { readonly leaving?: boolean }) => Promise<unknown>;

async function problemOf(response: Response): Promise<TenantryError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; requestId?: string };
  const seconds = Number(response.headers.get('retry-after'));
  return new TenantryError(problem.detail ?? `The API answered ${response.status}.`, {
    status: response.status,
    code: problem.code ?? 'unknown',
    ...(problem.requestId ? { requestId: problem.requestId } : {}),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

/** Calls the API with the key. @throws {TenantryError} */
export const createPost =
  ({ key, url, timeoutMs, fetch: send }: ApiOptions): Post =>
  async (path, body, { leaving = false } = {}) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await send(`${url}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        // Goes on after the page is gone, as a beacon does, which could carry no key.
        keepalive: leaving,
        credentials: 'omit',
        signal: abort.signal,
      });
      if (!response.ok) throw await problemOf(response);
      return await response.json();
    } catch (error) {
      if (error instanceof TenantryError) throw error;
      const timedOut = abort.signal.aborted;
      throw new TenantryError(timedOut ? 'The API did not answer in time.' : 'The API could not be reached.', {
        status: 0,
        code: timedOut ? 'timeout' : 'no_answer',
      });
    } finally {
      clearTimeout(timer);
    }
  };
