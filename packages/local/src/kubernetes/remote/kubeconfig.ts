import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import * as z from 'zod';

/** Entries of a section; only the one that is used is read further. */
const entries = z.array(z.looseObject({ name: z.string() })).default([]);

const clusterSchema = z.looseObject({
  server: z.url(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.base64().optional(),
  'insecure-skip-tls-verify': z.boolean().default(false),
  'tls-server-name': z.string().optional(),
});
const execSchema = z.looseObject({
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
const userSchema = z.looseObject({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.base64().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.base64().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  exec: execSchema.optional(),
});
const configSchema = z.looseObject({ clusters: entries, users: entries, contexts: entries });
const contextSchema = z.looseObject({ cluster: z.string(), user: z.string() });
const credentialSchema = z.looseObject({
  status: z.looseObject({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

/** What a connection to the cluster presents. */
export interface Credentials {
  /** PEM. */
  readonly certificate?: Buffer;
  /** PEM. */
  readonly key?: Buffer;
  readonly token?: string;
}

/** A cluster as a context of a kubeconfig names it. */
export interface ClusterAccess {
  readonly server: URL;
  /** PEM; the machine's own authorities when there is none. */
  readonly authority: Buffer | undefined;
  readonly serverName: string | undefined;
  /** Asked for each call: a token may have a short life. */
  credentials(): Promise<Credentials>;
}

/** A credential that ends within this time is asked for again. */
const renewMs = 60_000;
const pluginMsMax = 30_000;

const defaultFile = (): string => process.env.KUBECONFIG?.split(':')[0] || join(homedir(), '.kube', 'config');

/** Runs the program that a context names for its credentials, and keeps what it says while that counts. */
function pluginCredentials(plugin: z.infer<typeof execSchema>): () => Promise<Credentials> {
  let held: { readonly credentials: Credentials; readonly until: number } | undefined;
  return async () => {
    if (held && held.until > Date.now() + renewMs) return held.credentials;
    const variables = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
    const { stdout } = await promisify(execFile)(plugin.command, plugin.args ?? [], {
      env: { ...process.env, ...variables },
      timeout: pluginMsMax,
    });
    const { status } = credentialSchema.parse(JSON.parse(stdout));
    const credentials: Credentials = {
      ...(status.token === undefined ? {} : { token: status.token }),
      ...(status.clientCertificateData === undefined ? {} : { certificate: Buffer.from(status.clientCertificateData) }),
      ...(status.clientKeyData === undefined ? {} : { key: Buffer.from(status.clientKeyData) }),
    };
    const until = status.expirationTimestamp === undefined ? Infinity : Date.parse(status.expirationTimestamp);
    held = { credentials, until };
    return credentials;
  };
}

/**
 * Reads a context.
 * @param options.file by default the first file of `KUBECONFIG`, or `~/.kube/config`
 * @throws {Error} when the file cannot be read, or has no such context, or asks not to verify the cluster's certificate
 */
export function readKubeconfig(options: {
  readonly context: string;
  readonly file?: string | undefined;
}): ClusterAccess {
  const file = resolve(options.file || defaultFile());
  const config = configSchema.parse(parse(readFileSync(file, 'utf8')));
  const one = <T>(kind: string, list: readonly { readonly name: string }[], name: string, schema: z.ZodType<T>): T => {
    const found = list.find((entry) => entry.name === name);
    if (!found) throw new Error(`${file} has no ${kind} "${name}".`);
    return schema.parse((found as Record<string, unknown>)[kind]);
  };
  const context = one('context', config.contexts, options.context, contextSchema);
  const cluster = one('cluster', config.clusters, context.cluster, clusterSchema);
  const user = one('user', config.users, context.user, userSchema);
  if (cluster['insecure-skip-tls-verify']) {
    throw new Error(
      `The cluster of the context "${options.context}" is not verified (insecure-skip-tls-verify): name its authority.`,
    );
  }
  const bytes = (data: string | undefined, path: string | undefined): Buffer | undefined => {
    if (data !== undefined) return Buffer.from(data, 'base64');
    return path === undefined ? undefined : readFileSync(resolve(dirname(file), path));
  };
  const certificate = bytes(user['client-certificate-data'], user['client-certificate']);
  const key = bytes(user['client-key-data'], user['client-key']);
  const fixed = async (): Promise<Credentials> => {
    const token =
      user.tokenFile === undefined ? user.token : readFileSync(resolve(dirname(file), user.tokenFile), 'utf8').trim();
    return { ...(certificate ? { certificate } : {}), ...(key ? { key } : {}), ...(token ? { token } : {}) };
  };
  return {
    server: new URL(cluster.server),
    authority: bytes(cluster['certificate-authority-data'], cluster['certificate-authority']),
    serverName: cluster['tls-server-name'],
    credentials: user.exec ? pluginCredentials(user.exec) : fixed,
  };
}
