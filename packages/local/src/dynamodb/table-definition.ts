import type { ScalarKeyType } from './attribute-value.ts';
import { validationError } from './errors.ts';
import { type KeySchema, keyAttributes } from './key.ts';
import {
  type Index,
  type IndexProjection,
  STREAM_VIEW_TYPES,
  type StreamViewType,
  type Table,
  type Throughput,
} from './table.ts';
import type { CreateTableRequest, GlobalIndexRequest, LocalIndexRequest } from './table-request.ts';

export type Attributes = Readonly<Record<string, ScalarKeyType>>;

const invalid = (reason: string) => validationError(`One or more parameter values were invalid: ${reason}`);

export function attributesOfDefinitions(definitions: CreateTableRequest['AttributeDefinitions']): Attributes {
  return Object.fromEntries(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
}

/** @throws {AwsError} `ValidationException` */
export function keysOfSchema(schema: CreateTableRequest['KeySchema'], attributes: Attributes): KeySchema {
  const [first, second] = schema;
  if (first?.KeyType !== 'HASH')
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (second && second.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (first.AttributeName === second?.AttributeName) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  const attribute = (name: string) => {
    const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (type) return { name, type };
    throw invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${schema.map(({ AttributeName }) => AttributeName).join(', ')}], AttributeDefinitions: [${Object.keys(attributes).join(', ')}]`,
    );
  };
  return {
    partition: attribute(first.AttributeName),
    ...(second ? { sort: attribute(second.AttributeName) } : {}),
  };
}

function projectionOf({ ProjectionType, NonKeyAttributes }: GlobalIndexRequest['Projection']): IndexProjection {
  if (ProjectionType === undefined) throw invalid('Unknown ProjectionType: null');
  if (ProjectionType !== 'INCLUDE') {
    if (NonKeyAttributes) throw invalid(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
    return ProjectionType;
  }
  if (!NonKeyAttributes) throw invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  return NonKeyAttributes;
}

export const throughputOf = (given: {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}): Throughput => ({
  read: given.ReadCapacityUnits,
  write: given.WriteCapacityUnits,
});

/** @throws {AwsError} `ValidationException` */
export function globalIndexOf(
  request: GlobalIndexRequest,
  number: number,
  attributes: Attributes,
  billing: Table['billing'],
): Index {
  if (billing === 'PAY_PER_REQUEST' && request.ProvisionedThroughput) {
    throw invalid(
      `ProvisionedThroughput should not be specified for index: ${request.IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billing !== 'PAY_PER_REQUEST' && !request.ProvisionedThroughput) {
    throw invalid(`ProvisionedThroughput must be specified for index: ${request.IndexName}`);
  }
  return {
    name: request.IndexName,
    number,
    scope: 'global',
    keys: keysOfSchema(request.KeySchema, attributes),
    projection: projectionOf(request.Projection),
    ...(request.ProvisionedThroughput ? { throughput: throughputOf(request.ProvisionedThroughput) } : {}),
  };
}

/** @throws {AwsError} `ValidationException` */
export function localIndexOf(
  request: LocalIndexRequest,
  number: number,
  attributes: Attributes,
  tableKeys: KeySchema,
): Index {
  const keys = keysOfSchema(request.KeySchema, attributes);
  if (!tableKeys.sort) {
    throw invalid('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex');
  }
  if (!keys.sort) throw invalid(`Index KeySchema does not have a range key for index: ${request.IndexName}`);
  if (keys.partition.name !== tableKeys.partition.name) {
    throw invalid(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${request.IndexName}. index hash key: ${keys.partition.name}, table hash key: ${tableKeys.partition.name}`,
    );
  }
  return { name: request.IndexName, number, scope: 'local', keys, projection: projectionOf(request.Projection) };
}

/** @throws {AwsError} `ValidationException` for a duplicate index or an attribute that no key uses. */
export function checkDefinition(table: Pick<Table, 'attributes' | 'keys' | 'indexes'>): void {
  const names = table.indexes.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw invalid(`Duplicate index name: ${duplicate}`);
  const used = new Set(
    [table.keys, ...table.indexes.map(({ keys }) => keys)].flatMap(keyAttributes).map(({ name }) => name),
  );
  if (Object.keys(table.attributes).some((name) => !used.has(name))) {
    throw invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
}

/** @throws {AwsError} `ValidationException` */
export function billingOf(
  mode: 'PROVISIONED' | 'PAY_PER_REQUEST' | undefined,
  throughput: CreateTableRequest['ProvisionedThroughput'],
): Table['billing'] {
  if (mode === 'PAY_PER_REQUEST') {
    if (throughput) {
      throw invalid(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
    return 'PAY_PER_REQUEST';
  }
  if (!throughput) {
    throw invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED');
  }
  return throughputOf(throughput);
}

/** The view of a stream to be on; undefined for off. @throws {AwsError} `ValidationException` */
export function streamViewOf(specification: CreateTableRequest['StreamSpecification']): StreamViewType | undefined {
  if (!specification?.StreamEnabled) {
    if (specification?.StreamViewType) throw invalid('StreamViewType must not be given when StreamEnabled is false');
    return undefined;
  }
  if (!specification.StreamViewType) {
    throw invalid(`StreamViewType is required when StreamEnabled is true: one of ${STREAM_VIEW_TYPES.join(', ')}`);
  }
  return specification.StreamViewType;
}
