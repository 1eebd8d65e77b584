import { AwsError, type Operation } from '../aws/engine.ts';
import { validationError } from './errors.ts';
import { type Scope, tableArn } from './requirement.ts';

/** Operations of DynamoDB that take a table and that this engine does not do. */
const ofTable = new Set([
  'CreateBackup',
  'DescribeContributorInsights',
  'DescribeKinesisStreamingDestination',
  'DisableKinesisStreamingDestination',
  'EnableKinesisStreamingDestination',
  'ExportTableToPointInTime',
  'GetResourcePolicy',
  'ImportTable',
  'ListBackups',
  'PutResourcePolicy',
  'RestoreTableToPointInTime',
  'UpdateKinesisStreamingDestination',
]);

/** What a statement of PartiQL needs, by its first word. IAM cannot limit these by key. */
const partiQlActions: Readonly<Record<string, string>> = {
  SELECT: 'PartiQLSelect',
  INSERT: 'PartiQLInsert',
  UPDATE: 'PartiQLUpdate',
  DELETE: 'PartiQLDelete',
};

const statementLists: Readonly<Record<string, string>> = {
  BatchExecuteStatement: 'Statements',
  ExecuteTransaction: 'TransactStatements',
};

type Body = Readonly<Record<string, unknown>>;

const textsOf = (name: string, body: Body): readonly string[] => {
  const list = statementLists[name];
  const statements = list === undefined ? [body] : Array.isArray(body[list]) ? (body[list] as Body[]) : [];
  return statements.map(({ Statement }) => String(Statement ?? ''));
};

function partiQlRequirement(scope: Scope, statement: string) {
  const [, word = ''] = /^\s*([A-Za-z]+)/.exec(statement) ?? [];
  const action = partiQlActions[word.toUpperCase()];
  const [, table] = /(?:FROM|INTO|UPDATE)\s+"?([\w.-]+)"?/i.exec(statement) ?? [];
  if (!action || !table) throw validationError('Statement wasn’t well formed, can’t be processed');
  return { action: `dynamodb:${action}`, resource: tableArn(scope, table) };
}

/**
 * An operation that AWS has and this engine has not. Whoever may not do it is told so, as on AWS, and whoever may is told that it cannot be
 * done here; undefined for what AWS does not know either.
 */
export function unsupported(scope: Scope, name: string, body: unknown): Operation | undefined {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Body;
  if (name === 'ExecuteStatement' || Object.hasOwn(statementLists, name)) {
    const message = `${name} is not supported: PartiQL cannot be authorised by key here; use the item operations`;
    return {
      name,
      requires: textsOf(name, fields).map((statement) => partiQlRequirement(scope, statement)),
      run: () => Promise.reject(validationError(message)),
    };
  }
  if (!ofTable.has(name)) return undefined;
  const arn = fields.TableArn ?? fields.ResourceArn;
  const table = fields.TableName ?? fields.SourceTableName ?? fields.TargetTableName;
  return {
    name,
    requires: [
      {
        action: `dynamodb:${name}`,
        resource: typeof arn === 'string' ? arn : table ? tableArn(scope, String(table)) : '*',
      },
    ],
    run: () => Promise.reject(new AwsError('UnknownOperationException', `${name} is not supported here`)),
  };
}
