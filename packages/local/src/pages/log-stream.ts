import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LogQuery } from '../logs/log-store.ts';
import type { IndexModel } from './index-model.ts';
import { logLine, matchesLogQuery } from './views/logs.ts';

const BUFFERED_MAX_BYTES = 1024 * 1024;

/** Sends new log lines as server-sent events, rendered, until the reader goes away or falls behind. */
export function streamLogs(input: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly model: IndexModel;
  readonly query: LogQuery;
  readonly headers: Readonly<Record<string, string>>;
  /** What ends the open streams; this one adds itself. */
  readonly streams: Set<() => void>;
}): void {
  const { request, response, model, query, headers, streams } = input;
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  response.write(': following\n\n');
  const stopTail = model.tailLogs((line) => {
    if (!matchesLogQuery(line, query)) return;
    response.write(`id: ${line.id}\ndata: ${JSON.stringify({ html: logLine(line).text })}\n\n`);
    // The reader connects again and finds what it missed by reloading the page.
    if (response.writableLength > BUFFERED_MAX_BYTES) stop();
  });
  function stop(): void {
    stopTail();
    streams.delete(stop);
    response.end();
  }
  streams.add(stop);
  request.once('close', stop);
}
