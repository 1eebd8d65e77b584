import { type GraphRole, listOf, type PolicyStatement, rolesOf } from '../../program/roles.ts';
import type { Finding, Rule } from '../lint.ts';
import { conditionsOf, statementsOf } from '../statements.ts';

/** Services that act for whoever configures them: without a condition, anybody's configuration may use the role. */
const onBehalfOfOthers = /^(states|scheduler|events|s3|sns|apigateway|cognito-idp|logs|firehose)\.amazonaws\.com$/;
/** Services that act for the account that names the role, which takes a right to pass it. */
const forItsOwnAccount = /^(lambda|ec2|eks|pods\.eks)\.amazonaws\.com$/;

const source = (statement: PolicyStatement): boolean =>
  conditionsOf(statement).some(
    ({ operator, key }) => /^(aws:SourceAccount|aws:SourceArn)$/.test(key) && /Equals|Like/.test(operator),
  );

const demands = (statement: PolicyStatement, key: string): boolean =>
  listOf(statement.Condition?.Null?.[key])[0] === 'false';

function problemsOf(statement: PolicyStatement, functions: ReadonlySet<string>): readonly string[] {
  const { Principal } = statement;
  if (Principal === '*' || Principal === undefined) return ['anybody may take it: name who may'];
  const problems: string[] = [];
  for (const [kind, value] of Object.entries(Principal)) {
    for (const principal of listOf(value)) {
      if (kind === 'AWS') {
        if (/:root$|^\d+$|\*/.test(principal)) problems.push(`${principal} may take it: name the role`);
        else if (!functions.has(principal))
          problems.push(`${principal} may take it, which is no function of this program`);
      } else if (kind !== 'Service') problems.push(`${kind} ${principal} may take it`);
      else if (onBehalfOfOthers.test(principal)) {
        if (!source(statement)) problems.push(`${principal} may take it for anybody: add aws:SourceAccount`);
      } else if (!forItsOwnAccount.test(principal)) problems.push(`nobody thought about trusting ${principal} yet`);
    }
  }
  return problems;
}

export const trust: Rule = {
  name: 'trust',
  refuses: 'A role is taken by exactly whom it is for: no account, no wildcard, no service on behalf of strangers.',
  check({ graph }) {
    const functions = new Set(graph.functions.map(({ roleArn }) => roleArn));
    return rolesOf(graph).flatMap((role) =>
      role.trust.Statement.flatMap((statement) =>
        problemsOf(statement, functions).map((problem) => ({ resource: role.logicalName, problem })),
      ),
    );
  },
};

const takesRoles = (role: GraphRole): boolean =>
  statementsOf(role).some(({ Action }) => listOf(Action).includes('sts:AssumeRole'));

export const sessionTags: Rule = {
  name: 'session-tags',
  refuses:
    'A role that functions assume must demand the tag of one tenant, take no other tags, and be named by those alone who need it.',
  check({ graph }) {
    const byFunctions = rolesOf(graph).filter(({ trust: { Statement } }) =>
      Statement.some(({ Principal }) => typeof Principal === 'object' && 'AWS' in Principal),
    );
    const tagged = byFunctions.flatMap((role) =>
      role.trust.Statement.flatMap((statement): Omit<Finding, 'rule'>[] => [
        ...(demands(statement, 'aws:RequestTag/TenantId')
          ? []
          : [{ resource: role.logicalName, problem: 'a session without the tag TenantId: demand it' }]),
        ...(demands(statement, 'aws:TagKeys')
          ? []
          : [{ resource: role.logicalName, problem: 'a session with any tags: limit aws:TagKeys' }]),
      ]),
    );
    const trusted = new Set(
      byFunctions.flatMap(({ arn, trust: { Statement } }) =>
        Statement.flatMap(({ Principal }) =>
          typeof Principal === 'object' ? listOf(Principal.AWS).map((taker) => `${taker} ${arn}`) : [],
        ),
      ),
    );
    const unanswered = rolesOf(graph)
      .filter(takesRoles)
      .flatMap((role) =>
        statementsOf(role)
          .filter(({ Action }) => listOf(Action).includes('sts:AssumeRole'))
          .flatMap(({ Resource }) => listOf(Resource))
          .filter((arn) => !trusted.has(`${role.arn} ${arn}`))
          .map((arn) => ({
            resource: role.logicalName,
            problem: `may assume ${arn}, which does not trust it: take one away`,
          })),
      );
    return [...tagged, ...unanswered];
  },
};
