import { type GraphResource, resourcesOfType } from '../../program/graph.ts';
import { listOf, rolesOf } from '../../program/roles.ts';
import type { Rule } from '../lint.ts';
import { conditionsOf, type Grant, grantsOf, statementsOf } from '../statements.ts';

/** `ForAllValues` is true for a key that the request does not have, so that a scan would match. */
export const nullCompanion: Rule = {
  name: 'null-companion',
  refuses: 'A ForAllValues condition without `Null: false` on its key holds for calls that do not have the key.',
  check: ({ graph }) =>
    rolesOf(graph).flatMap((role) =>
      [...statementsOf(role), ...role.trust.Statement].flatMap((statement) =>
        conditionsOf(statement)
          .filter(({ operator }) => operator.startsWith('ForAllValues:'))
          .filter(({ key }) => listOf(statement.Condition?.Null?.[key])[0] !== 'false')
          .map(({ key }) => ({ resource: role.logicalName, problem: `${key}: demand that the key is there` })),
      ),
    ),
};

const scanning = /^dynamodb:(Scan|PartiQL)/;
const onItems =
  /^dynamodb:(Get|Put|Update|Delete|BatchGet|BatchWrite|ConditionCheck)Item$|^dynamodb:(Query|ConditionCheckItem|BatchGetItem|BatchWriteItem)$/;
/** Of the session, so that the resource's name is the tenant's own. */
const namesTenant = (resource: string) => /\$\{aws:PrincipalTag\/(TenantId|kubernetes-namespace)\}/.test(resource);

export const tenantData: Rule = {
  name: 'tenant-data',
  refuses:
    'Scan and PartiQL cannot be limited by key, and a grant on items without a condition on keys is one on all tenants.',
  check({ graph }) {
    return grantsOf(graph).flatMap(({ role, statement, action, resource }) => {
      if (scanning.test(action)) {
        return [{ resource: role.logicalName, problem: `${action} on ${resource}: use Query by key` }];
      }
      if (!onItems.test(action) || namesTenant(resource)) return [];
      const keys = conditionsOf(statement).filter(
        ({ operator, key }) => key === 'dynamodb:LeadingKeys' && /^ForAllValues:String(Like|Equals)$/.test(operator),
      );
      const limited = keys.length > 0 && keys.every(({ values }) => values.length > 0 && !values.includes('*'));
      return limited
        ? []
        : [{ resource: role.logicalName, problem: `${action} on ${resource}: limit it by leading keys` }];
    });
  },
};

const buckets = (resource: string, all: readonly GraphResource[]) =>
  all.filter(({ id }) => resource === `arn:aws:s3:::${id}` || resource.startsWith(`arn:aws:s3:::${id}/`));

/** Listing a bucket's folders: with a delimiter, the prefix `models/` shows which tenants have one and none of their objects. */
function listsFolders({ statement, action }: Grant): boolean {
  const conditions = conditionsOf(statement).filter(({ operator }) => operator === 'StringEquals');
  const valuesOf = (name: string) => conditions.filter(({ key }) => key === name).flatMap(({ values }) => values);
  const prefixes = valuesOf('s3:prefix');
  return (
    action === 's3:ListBucket' &&
    prefixes.length > 0 &&
    prefixes.every((prefix) => /^[a-z]+\/$/.test(prefix)) &&
    valuesOf('s3:delimiter').join() === '/'
  );
}

export const tenantObjects: Rule = {
  name: 'tenant-objects',
  refuses: 'A grant on objects, or on listing them, that is not below one tenant’s prefix is one on all tenants.',
  check({ graph }) {
    const all = resourcesOfType(graph, 'aws:s3/bucket:Bucket');
    return grantsOf(graph)
      .filter(({ action, resource }) => action.startsWith('s3:') && buckets(resource, all).length > 0)
      .filter(({ statement, resource }) => {
        const prefixes = conditionsOf(statement).filter(({ key }) => key === 's3:prefix');
        const listed = prefixes.length > 0 && prefixes.every(({ values }) => values.every(namesTenant));
        return !(namesTenant(resource) || listed);
      })
      .filter((grant) => !listsFolders(grant))
      .map(({ role, action, resource }) => ({
        resource: role.logicalName,
        problem: `${action} on ${resource}: limit it to the tenant's prefix`,
      }));
  },
};
