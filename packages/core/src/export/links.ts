import { GetObjectCommand } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../signing/sha256.ts';
import { type ExportFolder, exportObjectKey } from './objects.ts';

/** A link works no longer than the tenant's credentials that signed it, which are renewed five minutes before their end. */
const LINK_SECONDS_MAX = 15 * 60;

export interface FileLinks {
  /** RFC 3339. */
  readonly validUntil: string;
  /** By the files' names; whoever has one needs no more to fetch the file. */
  readonly urls: ReadonlyMap<string, string>;
}

interface AddressedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

const HOW_IT_IS_SIGNED = 'httpSigningMiddleware';

/** Where the client would ask for an object: the command goes through all of the client but the sending. */
async function addressOf(
  { client, bucket, tenantId, exportId }: ExportFolder,
  file: string,
): Promise<AddressedRequest> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: exportObjectKey(tenantId, exportId, file) });
  let address: AddressedRequest | undefined;
  command.middlewareStack.addRelativeTo(
    () => async (args: { readonly request?: unknown }) => {
      address = args.request as AddressedRequest;
      return { response: {}, output: { $metadata: {} } };
    },
    { relation: 'before', toMiddleware: HOW_IT_IS_SIGNED, name: 'addressOnly' },
  );
  await client.send(command);
  if (!address) throw new Error('The client of S3 gave no address.');
  return address;
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Links to files of an export, signed with the tenant's own credentials and good for a quarter of an hour at most. */
export async function linkFiles(folder: ExportFolder, files: readonly string[], at: Date): Promise<FileLinks> {
  const { client } = folder;
  const credentials = await client.config.credentials();
  const left = credentials.expiration ? Math.floor((credentials.expiration.getTime() - at.getTime()) / 1000) : Infinity;
  const expiresIn = Math.min(LINK_SECONDS_MAX, left);
  const signer = new SignatureV4({
    service: 's3',
    region: await client.config.region(),
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const link = async (file: string): Promise<[string, string]> => {
    const { protocol, hostname, port, path } = await addressOf(folder, file);
    const host = port ? `${hostname}:${port}` : hostname;
    const { query = {} } = await signer.presign(
      {
        method: 'GET',
        protocol,
        hostname,
        ...(port ? { port } : {}),
        path,
        query: {},
        headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      { expiresIn, signingDate: at },
    );
    const values = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(String(value ?? ''))}`);
    return [file, `${protocol}//${host}${path}?${values.join('&')}`];
  };
  const urls = new Map(await Promise.all(files.map(link)));
  return { validUntil: new Date(at.getTime() + expiresIn * 1000).toISOString(), urls };
}
