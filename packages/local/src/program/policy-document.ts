/** What `aws.iam.getPolicyDocument` does on AWS's side: statements in Pulumi's words become an IAM policy in JSON. */

interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

interface Principal {
  readonly type: string;
  readonly identifiers: readonly string[];
}

interface Statement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly conditions?: readonly Condition[];
  readonly principals?: readonly Principal[];
}

const KNOWN = new Set(['sid', 'effect', 'actions', 'resources', 'conditions', 'principals']);

const conditionBlock = (conditions: readonly Condition[]) => {
  const block: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) {
    const keys = block[test] ?? {};
    keys[variable] = [...(keys[variable] ?? []), ...values];
    block[test] = keys;
  }
  return block;
};

const principalBlock = (principals: readonly Principal[]) => {
  const everyone = principals.some(({ type, identifiers }) => type === '*' && identifiers.includes('*'));
  return everyone ? '*' : Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers]));
};

const renderStatement = (statement: Statement) => {
  for (const [key, value] of Object.entries(statement)) {
    if (value !== undefined && !KNOWN.has(key)) throw new Error(`Policy statements with "${key}" are not supported.`);
  }
  const { sid, effect = 'Allow', actions, resources, conditions = [], principals = [] } = statement;
  return {
    ...(sid ? { Sid: sid } : {}),
    Effect: effect,
    ...(principals.length > 0 ? { Principal: principalBlock(principals) } : {}),
    Action: actions,
    ...(resources ? { Resource: resources } : {}),
    ...(conditions.length > 0 ? { Condition: conditionBlock(conditions) } : {}),
  };
};

/** The result of the data source: its inputs with the rendered policy. Without statements there is no policy, as in AWS's provider. */
export function policyDocument(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const statements = (inputs.statements ?? []) as readonly Statement[];
  const json = JSON.stringify({ Version: inputs.version ?? '2012-10-17', Statement: statements.map(renderStatement) });
  return { ...inputs, ...(statements.length > 0 ? { statements } : {}), id: 'policy', json, minifiedJson: json };
}
