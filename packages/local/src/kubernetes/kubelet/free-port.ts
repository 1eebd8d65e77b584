import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A loopback port that nobody has at the moment; who takes it too late is restarted with another. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
