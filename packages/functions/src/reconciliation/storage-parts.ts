import {
  DeleteTableCommand,
  DynamoDBClient,
  paginateListTables,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ResourceNotFoundException as MappingNotFoundException,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { Part } from '@tenantry/core/reconciliation/ports';
import { unlessGone } from './gone.ts';

const asTenant = (text: string | undefined): TenantId | undefined => (isTenantId(text) ? text : undefined);

/** The tenant in the name of a silo's table; undefined for another name. */
const tenantOfTable = (name: string, prefix: string): TenantId | undefined =>
  name.startsWith(prefix) && name.endsWith('-events')
    ? asTenant(name.slice(prefix.length, -'-events'.length))
    : undefined;

/** The silos' events tables. */
export async function* siloTables(prefix: string): AsyncGenerator<Part> {
  const client = new DynamoDBClient({});
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    for (const name of TableNames) {
      if (!name.startsWith(prefix)) continue;
      const tenantId = tenantOfTable(name, prefix);
      yield {
        resource: name,
        tenantId,
        removal: {
          command: `aws dynamodb delete-table --table-name ${name}`,
          // In use: it is being deleted, or made; the next run tells.
          run: () =>
            unlessGone([ResourceNotFoundException, ResourceInUseException], () =>
              client.send(new DeleteTableCommand({ TableName: name })),
            ),
        },
      };
    }
  }
}

/** What leads the streams of the silos' tables to the archive. */
export async function* eventSourceMappings(functionName: string, prefix: string): AsyncGenerator<Part> {
  const client = new LambdaClient({});
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
    { client },
    { FunctionName: functionName },
  )) {
    for (const { UUID, EventSourceArn = '', State } of EventSourceMappings) {
      const table = /:table\/([^/]+)\/stream\//.exec(EventSourceArn)?.[1] ?? '';
      if (!UUID || State === 'Deleting' || !table.startsWith(prefix)) continue;
      yield {
        resource: UUID,
        tenantId: tenantOfTable(table, prefix),
        removal: {
          command: `aws lambda delete-event-source-mapping --uuid ${UUID}`,
          run: () =>
            unlessGone([MappingNotFoundException], () => client.send(new DeleteEventSourceMappingCommand({ UUID }))),
        },
      };
    }
  }
}

/** The tenants' folders below a prefix of a bucket: `models/<tenant>/`. */
export async function* folders(
  bucketName: string,
  prefix: string,
  ownBucket: (tenantId: TenantId) => { readonly client: S3Client },
): AsyncGenerator<Part> {
  const client = new S3Client({});
  for await (const { CommonPrefixes = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucketName, Prefix: prefix, Delimiter: '/' },
  )) {
    for (const { Prefix: folder = '' } of CommonPrefixes) {
      const tenantId = asTenant(folder.slice(prefix.length, -1));
      yield {
        resource: `${bucketName}/${folder}`,
        tenantId,
        removal: {
          command: `aws s3 rm --recursive s3://${bucketName}/${folder}`,
          ...(tenantId ? { run: () => emptyFolder(ownBucket(tenantId).client, bucketName, folder) } : {}),
        },
      };
    }
  }
}

async function emptyFolder(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    const Objects = Contents.flatMap(({ Key }) => (Key ? [{ Key }] : []));
    if (Objects.length === 0) continue;
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [first] = Errors;
    if (first) throw new Error(`${Errors.length} objects could not be deleted: ${first.Code} for ${first.Key}`);
  }
}
