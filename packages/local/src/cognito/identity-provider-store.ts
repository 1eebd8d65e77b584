import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws/engine.ts';
import type { Row } from './database.ts';
import { resourceNotFound } from './errors.ts';

/** A provider that a pool takes the word of. */
export interface IdentityProvider {
  readonly name: string;
  readonly type: 'OIDC' | 'SAML';
  /** As the API takes them: `oidc_issuer`, `client_secret`, `MetadataFile`, … */
  readonly details: Readonly<Record<string, string>>;
  /** Attributes of the pool by what the provider calls them. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const toProvider = (row: Row): IdentityProvider => ({
  name: String(row.name),
  type: row.type === 'SAML' ? 'SAML' : 'OIDC',
  details: JSON.parse(String(row.details)) as Record<string, string>,
  mapping: JSON.parse(String(row.mapping)) as Record<string, string>,
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
});

/** The identity providers of one pool, who came by them, and which of them each client offers. */
export class IdentityProviderStore {
  readonly #database: DatabaseSync;
  readonly #poolId: string;
  readonly #now: () => number;

  constructor(database: DatabaseSync, poolId: string, now: () => number) {
    this.#database = database;
    this.#poolId = poolId;
    this.#now = now;
  }

  /** @throws {AwsError} `DuplicateProviderException` */
  create({ name, type, details, mapping }: Omit<IdentityProvider, 'createdAt' | 'updatedAt'>): IdentityProvider {
    const now = this.#now();
    const { changes } = this.#database
      .prepare(
        `INSERT OR IGNORE INTO identity_providers (pool_id, name, type, details, mapping, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(this.#poolId, name, type, JSON.stringify(details), JSON.stringify(mapping), now, now);
    if (changes === 0) {
      throw new AwsError('DuplicateProviderException', `A provider already exists with the name ${name}.`);
    }
    return this.get(name);
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  update(name: string, change: Partial<Pick<IdentityProvider, 'details' | 'mapping'>>): IdentityProvider {
    const { details, mapping } = { ...this.get(name), ...change };
    this.#database
      .prepare('UPDATE identity_providers SET details = ?, mapping = ?, updated_at = ? WHERE pool_id = ? AND name = ?')
      .run(JSON.stringify(details), JSON.stringify(mapping), this.#now(), this.#poolId, name);
    return this.get(name);
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  get(name: string): IdentityProvider {
    const row = this.#database
      .prepare('SELECT * FROM identity_providers WHERE pool_id = ? AND name = ?')
      .get(this.#poolId, name);
    if (row === undefined) throw resourceNotFound(`Identity provider ${name} does not exist.`);
    return toProvider(row);
  }

  /** In the order of their names. */
  list(): readonly IdentityProvider[] {
    return this.#database
      .prepare('SELECT * FROM identity_providers WHERE pool_id = ? ORDER BY name')
      .all(this.#poolId)
      .map(toProvider);
  }

  /** Also takes it from the clients that offer it. @throws {AwsError} `ResourceNotFoundException` */
  remove(name: string): void {
    this.get(name);
    this.#database.prepare('DELETE FROM identity_providers WHERE pool_id = ? AND name = ?').run(this.#poolId, name);
  }

  /** The `sub` of whoever somebody at a provider is here. */
  subOf(provider: string, subject: string): string | undefined {
    const row = this.#database
      .prepare('SELECT sub FROM identities WHERE pool_id = ? AND provider = ? AND subject = ?')
      .get(this.#poolId, provider, subject);
    return row === undefined ? undefined : String(row.sub);
  }

  link(provider: string, subject: string, sub: string): void {
    this.#database
      .prepare('INSERT INTO identities (pool_id, provider, subject, sub) VALUES (?, ?, ?, ?)')
      .run(this.#poolId, provider, subject, sub);
  }

  unlink(provider: string, subject: string): void {
    this.#database
      .prepare('DELETE FROM identities WHERE pool_id = ? AND provider = ? AND subject = ?')
      .run(this.#poolId, provider, subject);
  }

  /** What a client offers since `UpdateUserPoolClient`; undefined when that was never called. */
  offeredBy(clientId: string): readonly string[] | undefined {
    const row = this.#database
      .prepare('SELECT names FROM client_providers WHERE pool_id = ? AND client_id = ?')
      .get(this.#poolId, clientId);
    return row === undefined ? undefined : (JSON.parse(String(row.names)) as string[]);
  }

  offer(clientId: string, names: readonly string[]): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO client_providers (pool_id, client_id, names) VALUES (?, ?, ?)')
      .run(this.#poolId, clientId, JSON.stringify(names));
  }
}
