import { connect, createServer, type Socket } from 'node:net';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';

/** A way to the cluster's API that can be cut. */
export interface Way {
  open: boolean;
  close(): void;
}

/** Leads everybody to the cluster by such a way; to be laid before anybody has found the cluster by itself. */
export async function layWayToCluster({ kubernetes, eks, graph }: LocalCloud): Promise<Way> {
  const port = Number(new URL(kubernetes?.url ?? '').port);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (!way.open) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [near, far].forEach((one) => void one.destroy()));
    }
    near.on('data', () => way.open || near.destroy());
    near.pipe(far).pipe(near);
  });
  const way: Way = { open: true, close: () => void server.close() };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' ? address?.port : undefined;
  const [cluster] = graph.resources.filter(({ type }) => type === 'aws:eks/cluster:Cluster');
  eks.setEndpoint(cluster?.id ?? '', {
    endpoint: `https://127.0.0.1:${own}`,
    certificateAuthority: kubernetes?.caData ?? '',
  });
  return way;
}
