import type { IncomingMessage } from 'node:http';
import { createContext, Script } from 'node:vm';

interface EdgeEvent {
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly headers: Record<string, { readonly value: string }>;
  };
}

/**
 * Runs the body of a CloudFront function on requests as they come in. Headers that it adds or changes reach the origin; the rest of what
 * such a function may do is not supported, and an attempt is an error.
 */
export function createRequestFunction(source: string): (request: IncomingMessage) => void {
  if (source === '') return () => {};
  const run = new Script(`(function (event) { "use strict"; ${source}\n})`).runInContext(createContext({})) as (
    event: EdgeEvent,
  ) => unknown;
  return (incoming) => {
    const uri = (incoming.url ?? '/').split('?', 1)[0] ?? '/';
    const event: EdgeEvent = {
      request: {
        method: incoming.method ?? 'GET',
        uri,
        headers: Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, { value: String(value) }]),
        ),
      },
    };
    const result = run(event);
    if (result !== undefined || event.request.uri !== uri) {
      throw new Error('The function at the edge does more than change headers.');
    }
    for (const [name, { value }] of Object.entries(event.request.headers)) {
      if (incoming.headers[name] !== undefined && String(incoming.headers[name]) === value) continue;
      incoming.headers[name] = value;
      incoming.rawHeaders.push(name, value);
    }
  };
}
