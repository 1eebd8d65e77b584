import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import * as der from './der.ts';

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** As RFC 5280 numbers them, from the most significant bit. */
const keyUsage = {
  authority: { bits: 0x06, unused: 1 },
  server: { bits: 0x80, unused: 7 },
} as const;

export interface CertificateRequest {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  /** The issuer's EC P-256 key. */
  readonly signingKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly use:
    | { readonly kind: 'authority' }
    | { readonly kind: 'server'; readonly hosts: readonly string[]; readonly addresses: readonly string[] };
}

const name = (commonName: string): Buffer =>
  der.sequence(der.set(der.sequence(der.objectIdentifier(oid.commonName), der.utf8(commonName))));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  der.sequence(der.objectIdentifier(id), ...(critical ? [der.boolean(true)] : []), der.octets(value));

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const keyIdentifier = (key: KeyObject): Buffer => createHash('sha256').update(spki(key)).digest().subarray(0, 20);

function extensions({ use, publicKey, signingKey }: CertificateRequest): Buffer {
  const issuerKey = keyIdentifier(createPublicKey(signingKey));
  const identifiers = [
    extension(oid.subjectKeyIdentifier, false, der.octets(keyIdentifier(publicKey))),
    extension(oid.authorityKeyIdentifier, false, der.sequence(der.implicit(0, issuerKey))),
  ];
  const usage = use.kind === 'authority' ? keyUsage.authority : keyUsage.server;
  const common = extension(oid.keyUsage, true, der.bits(Buffer.from([usage.bits]), usage.unused));
  if (use.kind === 'authority') {
    return der.sequence(extension(oid.basicConstraints, true, der.sequence(der.boolean(true))), common, ...identifiers);
  }
  const names = [
    ...use.hosts.map((host) => der.implicit(2, Buffer.from(host))),
    ...use.addresses.map((address) => der.implicit(7, Buffer.from(address.split('.').map(Number)))),
  ];
  return der.sequence(
    extension(oid.basicConstraints, true, der.sequence()),
    common,
    ...identifiers,
    extension(oid.extendedKeyUsage, false, der.sequence(der.objectIdentifier(oid.serverAuth))),
    extension(oid.subjectAltName, false, der.sequence(...names)),
  );
}

/** An X.509 v3 certificate in PEM, signed with ECDSA and SHA-256. */
export function createCertificate(request: CertificateRequest): string {
  const algorithm = der.sequence(der.objectIdentifier(oid.ecdsaWithSha256));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    name(request.issuer),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    name(request.subject),
    spki(request.publicKey),
    der.explicit(3, extensions(request)),
  );
  const signature = sign('sha256', body, request.signingKey);
  const lines =
    der
      .sequence(body, algorithm, der.bits(signature))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
