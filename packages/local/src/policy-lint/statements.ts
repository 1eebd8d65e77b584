import type { ResourceGraph } from '../program/graph.ts';
import { type GraphRole, listOf, type PolicyStatement, rolesOf } from '../program/roles.ts';

/** One action on one resource, as a role's policy grants it. */
export interface Grant {
  readonly role: GraphRole;
  readonly statement: PolicyStatement;
  readonly action: string;
  readonly resource: string;
}

export const statementsOf = (role: GraphRole): readonly PolicyStatement[] =>
  Object.values(role.policies).flatMap(({ Statement }) => Statement);

export const grantsOf = (graph: ResourceGraph): readonly Grant[] =>
  rolesOf(graph).flatMap((role) =>
    statementsOf(role)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((statement) =>
        listOf(statement.Action).flatMap((action) =>
          listOf(statement.Resource).map((resource) => ({ role, statement, action, resource })),
        ),
      ),
  );

/** Every operator of a statement's condition with its keys. */
export const conditionsOf = ({ Condition = {} }: PolicyStatement) =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  );
