import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers as DynamoDB writes, and asks nobody who they are: what a call costs without the gateway's checks. */
export async function startBareServer(answer: (body: Buffer) => Promise<unknown>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answered = JSON.stringify(await answer(Buffer.concat(chunks)));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answered);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
