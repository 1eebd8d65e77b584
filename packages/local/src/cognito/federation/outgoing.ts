import { invalidParameter } from '../errors.ts';

const DEADLINE_MS = 5_000;
const BYTES_MAX = 500_000;

/**
 * Reads what a provider publishes, within bounds of size and time and without following redirects.
 * @throws {AwsError} `InvalidParameterException` when it cannot be had
 */
export async function readPublished(url: string, init: RequestInit = {}): Promise<string> {
  const failed = (reason: string) => invalidParameter(`Unable to contact ${url}: ${reason}`);
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) throw failed(`it answered ${response.status}`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > BYTES_MAX) throw failed('the answer is too large');
  }
  return text;
}
