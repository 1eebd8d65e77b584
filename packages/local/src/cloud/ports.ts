import { createServer } from 'node:net';

/** What listens, each at its offset from the first port. */
export const portOffsets = {
  site: 0,
  aws: 1,
  login: 2,
  stripe: 3,
  kubernetes: 4,
  inbox: 5,
  index: 6,
  silos: 7,
  reload: 8,
  /** Of TCP: the identity provider; of UDP: the DNS. */
  identity: 9,
} as const;

export type Ports = Readonly<Record<keyof typeof portOffsets, number>>;

export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use; stop what listens there, or choose other ports with --port N.`);
    this.name = 'PortInUseError';
  }
}

export const portsFrom = (first: number): Ports =>
  Object.fromEntries(Object.entries(portOffsets).map(([name, offset]) => [name, first + offset])) as Ports;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** A port that nothing listens on at the moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** @throws {PortInUseError} that names the first port that is taken */
export async function claimPorts(first: number): Promise<Ports> {
  const ports = portsFrom(first);
  for (const port of Object.values(ports)) if (!(await isFree(port))) throw new PortInUseError(port);
  return ports;
}

const PRIVATE_RANGE = { from: 20_000, to: 32_000 };
const TRIES = 50;

/** A free run of ports for a private instance. */
export async function findPorts(): Promise<Ports> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const span = (PRIVATE_RANGE.to - PRIVATE_RANGE.from) / 10;
    const first = PRIVATE_RANGE.from + Math.floor(Math.random() * span) * 10;
    const ports = await claimPorts(first).catch(() => undefined);
    if (ports) return ports;
  }
  throw new Error('No free run of ports was found for a private instance.');
}
