import { createServer } from 'node:http';

/** A recommender with a planted fault, to roll out and to see it rolled back: it does not start, or it starts and fails every request. */
if (process.argv[2] === 'start') {
  process.stderr.write('This version does not start.\n');
  process.exit(1);
}

const server = createServer((request, response) => {
  const probe = request.method === 'GET' && (request.url === '/healthz' || request.url === '/readyz');
  request.resume();
  response.writeHead(probe ? 200 : 500, { 'content-type': 'application/json' });
  response.end(probe ? '{"status":"ok"}' : '{"error":"This version fails every request."}');
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
