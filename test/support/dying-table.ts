import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '@tenantry/core/control/table';

export class Died extends Error {
  override readonly name = 'Died';
}

/**
 * A table as somebody sees it who dies: after so many calls nothing comes back any more. The last call may have had its effect all
 * the same.
 */
export async function dyingTable(
  { name, client }: Table,
  death: { readonly afterCalls: number; readonly lastTakesEffect: boolean },
): Promise<Table & { close(): void }> {
  const { endpoint, region, credentials } = client.config;
  const mortal = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      ...(endpoint ? { endpoint: await endpoint() } : {}),
      region: await region(),
      credentials: await credentials(),
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  let calls = 0;
  mortal.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls <= death.afterCalls) return next(args);
      if (calls === death.afterCalls + 1 && death.lastTakesEffect) await next(args);
      throw new Died('The process is gone.');
    },
    { step: 'initialize' },
  );
  return { name, client: mortal, close: () => mortal.destroy() };
}
