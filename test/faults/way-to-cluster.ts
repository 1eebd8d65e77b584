import { connect, createServer, type Socket } from 'node:net';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { clusterSpecs } from '@tenantry/local/cloud/specs';

/** A way to the cluster's API that can be cut. */
export interface Way {
  cut(): void;
  mend(): void;
  close(): void;
}

/** Leads everybody to the cluster by such a way; to be laid before anybody has found the cluster by itself. */
export async function layWayToCluster({ kubernetes, eks, graph }: LocalCloud): Promise<Way> {
  if (!kubernetes) throw new Error('The stage has no cluster.');
  const port = Number(new URL(kubernetes.url).port);
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        for (const one of [near, far]) {
          one.destroy();
          sockets.delete(one);
        }
      });
    }
    near.pipe(far).pipe(near);
  });
  const cut = (): void => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The way has no port.');
  const endpoint = `https://127.0.0.1:${address.port}`;
  for (const { name } of clusterSpecs(graph)) {
    eks.setEndpoint(name, { endpoint, certificateAuthority: kubernetes.caData });
  }
  return {
    cut,
    mend: () => {
      open = true;
    },
    close() {
      cut();
      server.close();
    },
  };
}
