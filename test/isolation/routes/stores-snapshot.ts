import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { allRows } from '../../support/rows.ts';
import type { TestCloud } from '../../support/test-cloud.ts';

/** Every row of every pooled table and every object of every bucket, by where it lies. */
export type Snapshot = ReadonlyMap<string, string>;

export async function snapshot({ cloud }: TestCloud): Promise<Snapshot> {
  const tables = ['Control', 'Events', 'Recommendations', 'Shoppers', 'Catalogue', 'Attribution', 'Usage', 'Audit'];
  const rows = await Promise.all(
    tables.map(async (table) =>
      (await allRows(cloud, table)).map((row): [string, string] => [
        `${table} ${row.pk} ${row.sk}`,
        // A mail is noted as sent whenever that is done; that there is one more would be somebody's doing.
        String(row.pk).endsWith('#MAIL') ? '' : JSON.stringify(row),
      ]),
    ),
  );
  const s3 = new S3Client({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: cloud.rootCredentials,
    forcePathStyle: true,
  });
  const buckets = resourcesOfType(cloud.graph, 'aws:s3/bucket:Bucket').map(({ id }) => id);
  const objects = await Promise.all(
    buckets.map(async (Bucket) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key, ETag }): [string, string] => [`${Bucket} ${Key}`, String(ETag)]);
    }),
  );
  s3.destroy();
  return new Map([...rows.flat(), ...objects.flat()]);
}

/** Where the two differ. */
export function changes(before: Snapshot, after: Snapshot): readonly string[] {
  const places = new Set([...before.keys(), ...after.keys()]);
  return [...places].filter((place) => before.get(place) !== after.get(place));
}
