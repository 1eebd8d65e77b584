import type { Context, Prepare, Prepared } from './context.ts';
import { namedTableNotFound, resourceInUse, validationError } from './errors.ts';
import { tableArn } from './requirement.ts';
import type { StreamViewType, Table, TableStream } from './table.ts';
import {
  attributesOfDefinitions,
  billingOf,
  checkDefinition,
  globalIndexOf,
  keysOfSchema,
  localIndexOf,
  streamViewOf,
  throughputOf,
} from './table-definition.ts';
import { describe } from './table-description.ts';
import {
  type CreateTableRequest,
  createTable,
  listTables,
  namedTable,
  type UpdateTableRequest,
  updateTable,
} from './table-request.ts';

/** A stream's label is the time at which it was switched on, or the next millisecond that no stream of the table has. */
function newStream(context: Context, name: string, viewType: StreamViewType, label?: string): TableStream {
  const arnOf = (stamp: string) => `${tableArn(context, name)}/stream/${stamp}`;
  if (label !== undefined) return { arn: arnOf(label), label, viewType };
  for (let time = context.now(); ; time += 1) {
    const stamp = new Date(time).toISOString().replace('Z', '');
    if (!context.log.find(arnOf(stamp))) return { arn: arnOf(stamp), label: stamp, viewType };
  }
}

/** @param streamLabel Fixes the stream's ARN, which otherwise names the time. */
export function createTableAs(context: Context, request: CreateTableRequest, streamLabel?: string): Table {
  if (context.catalogue.find(request.TableName)) throw resourceInUse(`Table already exists: ${request.TableName}`);
  const attributes = attributesOfDefinitions(request.AttributeDefinitions);
  const keys = keysOfSchema(request.KeySchema, attributes);
  const billing = billingOf(request.BillingMode, request.ProvisionedThroughput);
  const locals = request.LocalSecondaryIndexes ?? [];
  const indexes = [
    ...locals.map((index, number) => localIndexOf(index, number, attributes, keys)),
    ...(request.GlobalSecondaryIndexes ?? []).map((index, number) =>
      globalIndexOf(index, locals.length + number, attributes, billing),
    ),
  ];
  checkDefinition({ attributes, keys, indexes });
  const viewType = streamViewOf(request.StreamSpecification);
  const stream = viewType && newStream(context, request.TableName, viewType, streamLabel);
  return context.store.transaction(() => {
    const table = context.catalogue.insert({
      uuid: context.uuid(),
      name: request.TableName,
      arn: tableArn(context, request.TableName),
      createdAt: context.now(),
      attributes,
      keys,
      indexes,
      indexNumberNext: indexes.length,
      billing,
      deletionProtection: request.DeletionProtectionEnabled ?? false,
      tags: Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      ...(stream ? { stream, streamLatest: stream } : {}),
      ...settingsOf(request),
    });
    if (stream) context.log.open(table, stream);
    return table;
  });
}

function settingsOf(request: CreateTableRequest | UpdateTableRequest): Pick<Table, 'tableClass' | 'encryption'> {
  const kmsKeyId = request.SSESpecification?.KMSMasterKeyId;
  return {
    ...(request.TableClass ? { tableClass: request.TableClass } : {}),
    ...(request.SSESpecification?.Enabled ? { encryption: kmsKeyId ? { kmsKeyId } : {} } : {}),
  };
}

export function updateTableAs(context: Context, request: UpdateTableRequest, streamLabel?: string): Table {
  const { TableName: name, ...changes } = request;
  if (Object.keys(changes).filter((change) => change !== 'AttributeDefinitions').length === 0) {
    throw validationError('At least one change of the table is required');
  }
  return context.store.transaction(() => {
    const table = context.catalogue.need(name);
    const changed = withIndexes(
      context,
      withStream(context, withSettings(table, request), request, streamLabel),
      request,
    );
    checkDefinition(changed);
    return context.catalogue.update(changed);
  });
}

function withSettings(table: Table, request: UpdateTableRequest): Table {
  const billing =
    request.BillingMode || request.ProvisionedThroughput
      ? billingOf(
          request.BillingMode ?? (table.billing === 'PAY_PER_REQUEST' ? table.billing : 'PROVISIONED'),
          request.ProvisionedThroughput,
        )
      : table.billing;
  return {
    ...table,
    billing,
    deletionProtection: request.DeletionProtectionEnabled ?? table.deletionProtection,
    ...settingsOf(request),
  };
}

function withStream(context: Context, table: Table, request: UpdateTableRequest, label?: string): Table {
  if (!request.StreamSpecification) return table;
  const viewType = streamViewOf(request.StreamSpecification);
  const { stream: current, ...rest } = table;
  if (!viewType) {
    if (!current) throw validationError('Table is not enabled for streams: the stream is already disabled');
    context.log.end(current);
    return rest;
  }
  if (current) throw resourceInUse(`Table already has an enabled stream: TableName: ${table.name}`);
  const stream = newStream(context, table.name, viewType, label);
  context.log.open(table, stream);
  return { ...table, stream, streamLatest: stream };
}

function withIndexes(context: Context, table: Table, request: UpdateTableRequest): Table {
  const attributes = {
    ...table.attributes,
    ...(request.AttributeDefinitions ? attributesOfDefinitions(request.AttributeDefinitions) : {}),
  };
  let { indexes, indexNumberNext } = table;
  for (const { Create, Update, Delete } of request.GlobalSecondaryIndexUpdates ?? []) {
    const name = (Create ?? Update ?? Delete)?.IndexName;
    if (name === undefined || [Create, Update, Delete].filter(Boolean).length > 1) {
      throw validationError(
        'One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    const existing = indexes.find((index) => index.name === name && index.scope === 'global');
    if (Create) {
      if (existing) throw validationError(`Attempting to create an index which already exists: ${name}`);
      const index = globalIndexOf(Create, indexNumberNext, attributes, table.billing);
      context.items.fillIndex(table, index);
      indexes = [...indexes, index];
      indexNumberNext += 1;
      continue;
    }
    if (!existing) throw namedIndexNotFound(name);
    const throughput = Update?.ProvisionedThroughput;
    if (Delete) context.items.dropIndex(table, existing);
    indexes = indexes.flatMap((index) => {
      if (index !== existing) return [index];
      return throughput ? [{ ...index, throughput: throughputOf(throughput) }] : Delete ? [] : [index];
    });
  }
  const used = new Set(
    [table.keys, ...indexes.map(({ keys }) => keys)].flatMap(({ partition, sort }) => [partition.name, sort?.name]),
  );
  return {
    ...table,
    indexes,
    indexNumberNext,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => used.has(name))),
  };
}

const namedIndexNotFound = (name: string) => validationError(`The table does not have the specified index: ${name}`);

function onTable(context: Context, action: string, name: string, run: () => object): Prepared {
  return { requires: [{ action: `dynamodb:${action}`, resource: tableArn(context, name) }], run };
}

export const prepareCreateTable: Prepare = (context, body) => {
  const request = createTable(body, '');
  const resource = tableArn(context, request.TableName);
  return {
    requires: [
      { action: 'dynamodb:CreateTable', resource },
      ...(request.Tags?.length ? [{ action: 'dynamodb:TagResource', resource }] : []),
    ],
    run: () => {
      const table = createTableAs(context, request);
      return { TableDescription: describe(table, context.items.totals(table)) };
    },
  };
};

export const prepareUpdateTable: Prepare = (context, body) => {
  const request = updateTable(body, '');
  return onTable(context, 'UpdateTable', request.TableName, () => {
    const table = updateTableAs(context, request);
    return { TableDescription: describe(table, context.items.totals(table)) };
  });
};

export const prepareDescribeTable: Prepare = (context, body) => {
  const { TableName: name } = namedTable(body, '');
  return onTable(context, 'DescribeTable', name, () => {
    const table = context.catalogue.need(name);
    return { Table: describe(table, context.items.totals(table)) };
  });
};

export const prepareDeleteTable: Prepare = (context, body) => {
  const { TableName: name } = namedTable(body, '');
  return onTable(context, 'DeleteTable', name, () =>
    context.store.transaction(() => {
      const table = context.catalogue.find(name);
      if (!table) throw namedTableNotFound(name);
      if (table.deletionProtection) {
        throw validationError(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      }
      const description = describe(table, context.items.totals(table), 'DELETING');
      if (table.stream) context.log.end(table.stream);
      context.items.deleteAll(table);
      context.catalogue.remove(table);
      return { TableDescription: description };
    }),
  );
};

export const prepareListTables: Prepare = (context, body) => {
  const { ExclusiveStartTableName: start, Limit = 100 } = listTables(body, '');
  return {
    requires: [{ action: 'dynamodb:ListTables', resource: '*' }],
    run: () => {
      const names = context.catalogue
        .all()
        .map(({ name }) => name)
        .filter((name) => start === undefined || name > start);
      const page = names.slice(0, Limit);
      const last = page.at(-1);
      return { TableNames: page, ...(names.length > Limit && last ? { LastEvaluatedTableName: last } : {}) };
    },
  };
};
