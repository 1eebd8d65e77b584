import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCertificate } from './certificate.ts';

export interface ServerIdentity {
  /** The authority's certificate, PEM. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;
const authorityDays = 3650;
const serverDays = 365;
/** A clock that is behind by less than this does not refuse a fresh certificate. */
const backdatedMs = dayMs;
const authorityName = 'tenantry local cluster authority';

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function validity(now: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - backdatedMs), notAfter: new Date(now + days * dayMs) };
}

/** The authority lives in one file, key first, so that it is there whole or not at all. */
function loadAuthority(dir: string, now: number): { key: KeyObject; certificate: string } {
  const path = join(dir, 'cluster-authority.pem');
  if (existsSync(path)) {
    const text = readFileSync(path, 'utf8');
    const start = text.indexOf('-----BEGIN CERTIFICATE-----');
    const certificate = text.slice(start);
    if (start > 0 && Date.parse(new X509Certificate(certificate).validTo) - now > serverDays * dayMs) {
      return { key: createPrivateKey(text.slice(0, start)), certificate };
    }
  }
  const key = newKey();
  const certificate = createCertificate({
    subject: authorityName,
    issuer: authorityName,
    publicKey: createPublicKey(key),
    signingKey: key,
    ...validity(now, authorityDays),
    use: { kind: 'authority' },
  });
  mkdirSync(dir, { recursive: true });
  writeFileSync(`${path}.new`, pem(key) + certificate, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return { key, certificate };
}

/** The API server's certificate: fresh at every start, from an authority that is kept in `dir`. */
export function serverIdentity(dir: string, now: number): ServerIdentity {
  const authority = loadAuthority(dir, now);
  const key = newKey();
  const certificate = createCertificate({
    subject: 'kubernetes',
    issuer: authorityName,
    publicKey: createPublicKey(key),
    signingKey: authority.key,
    ...validity(now, serverDays),
    use: { kind: 'server', hosts: ['localhost', 'kubernetes'], addresses: ['127.0.0.1'] },
  });
  return { ca: authority.certificate, certificate, key: pem(key) };
}
