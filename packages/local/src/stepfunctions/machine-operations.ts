import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import { machineArn, requireMachineArn, requireName } from './arn.ts';
import { diagnose, parseDefinition } from './definition/definition.ts';
import type { Machine, MachineStore } from './machine-store.ts';
import { type OperationSpec, operation } from './operation.ts';
import { pageSize, readCursor, writeCursor } from './paging.ts';

const roleArn = z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, 'must be the ARN of a role');
const settings = {
  loggingConfiguration: z.record(z.string(), z.unknown()).optional(),
  tracingConfiguration: z.record(z.string(), z.unknown()).optional(),
};
const byArn = z.strictObject({ stateMachineArn: z.string() });

export function machineOperations(options: {
  readonly machines: MachineStore;
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
}): Readonly<Record<string, OperationSpec>> {
  const { machines, now } = options;
  const passRole = (arn: string) => ({
    action: 'iam:PassRole',
    resource: arn,
    context: { 'iam:PassedToService': ['states.amazonaws.com'] },
  });
  return {
    CreateStateMachine: operation({
      body: z.strictObject({
        name: z.string(),
        definition: z.string(),
        roleArn,
        type: z.enum(['STANDARD', 'EXPRESS']).optional(),
        tags: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
        publish: z.literal(false).optional(),
        ...settings,
      }),
      requires: (body) => [
        { action: 'states:CreateStateMachine', resource: machineArn(options, requireName(body.name)) },
        passRole(body.roleArn),
      ],
      run(body) {
        if (body.type === 'EXPRESS') {
          throw new AwsError('StateMachineTypeNotSupported', 'Express state machines are not run here.');
        }
        const machine = newMachine(machineArn(options, body.name), body, now());
        const existing = machines.find(machine.arn);
        if (existing === undefined) machines.put(machine);
        else if (!sameMachine(existing, machine)) {
          throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${machine.arn}'`);
        }
        return { stateMachineArn: machine.arn, creationDate: (existing ?? machine).createdAt / 1000 };
      },
    }),
    UpdateStateMachine: operation({
      body: z.strictObject({
        stateMachineArn: z.string(),
        definition: z.string().optional(),
        roleArn: roleArn.optional(),
        publish: z.literal(false).optional(),
        ...settings,
      }),
      requires: (body) => [
        { action: 'states:UpdateStateMachine', resource: requireMachineArn(body.stateMachineArn) },
        ...(body.roleArn === undefined ? [] : [passRole(body.roleArn)]),
      ],
      run({ stateMachineArn, publish: _, ...changes }) {
        const machine = requireMachine(machines, stateMachineArn);
        if (Object.keys(changes).length === 0) {
          throw new AwsError('MissingRequiredParameter', 'There is nothing to update.');
        }
        const { definition = machine.definition, roleArn: role = machine.roleArn, ...given } = changes;
        parseDefinition(definition);
        const merged = JSON.stringify({ ...(JSON.parse(machine.settings) as object), ...given });
        const updatedAt = now();
        machines.put({ ...machine, definition, roleArn: role, settings: merged, updatedAt });
        return { updateDate: updatedAt / 1000 };
      },
    }),
    DescribeStateMachine: operation({
      body: z.strictObject({ stateMachineArn: z.string(), includedData: z.literal('ALL_DATA').optional() }),
      requires: (body) => [
        { action: 'states:DescribeStateMachine', resource: requireMachineArn(body.stateMachineArn) },
      ],
      run: ({ stateMachineArn }) => describe(requireMachine(machines, stateMachineArn)),
    }),
    ListStateMachines: operation({
      body: z.strictObject({ maxResults: pageSize, nextToken: z.string().optional() }),
      requires: () => [{ action: 'states:ListStateMachines', resource: '*' }],
      run({ maxResults, nextToken }) {
        const found = machines.list(readCursor(nextToken, z.string()) ?? '', maxResults + 1);
        const shown = found.slice(0, maxResults);
        const last = shown.at(-1);
        return {
          stateMachines: shown.map(({ arn, name, createdAt }) => ({
            stateMachineArn: arn,
            name,
            type: 'STANDARD',
            creationDate: createdAt / 1000,
          })),
          ...(found.length > maxResults && last ? { nextToken: writeCursor(last.arn) } : {}),
        };
      },
    }),
    DeleteStateMachine: operation({
      body: byArn,
      requires: (body) => [{ action: 'states:DeleteStateMachine', resource: requireMachineArn(body.stateMachineArn) }],
      run({ stateMachineArn }) {
        machines.remove(stateMachineArn);
        return {};
      },
    }),
    ValidateStateMachineDefinition: operation({
      body: z.strictObject({
        definition: z.string(),
        type: z.literal('STANDARD').optional(),
        severity: z.enum(['ERROR', 'WARNING']).optional(),
        maxResults: z.number().int().min(0).max(100).optional(),
      }),
      requires: () => [{ action: 'states:ValidateStateMachineDefinition', resource: '*' }],
      run({ definition, maxResults }) {
        const result = diagnose(definition);
        const diagnostics = 'diagnostics' in result ? result.diagnostics : [];
        const shown = diagnostics.slice(0, maxResults || 100);
        return {
          result: diagnostics.length === 0 ? 'OK' : 'FAIL',
          diagnostics: shown,
          truncated: shown.length < diagnostics.length,
        };
      },
    }),
  };
}

/** @throws {AwsError} `StateMachineDoesNotExist` */
export function requireMachine(machines: MachineStore, arn: string): Machine {
  const machine = machines.find(arn);
  if (machine !== undefined) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** @throws {AwsError} `InvalidDefinition` */
export function newMachine(
  arn: string,
  given: {
    readonly name: string;
    readonly definition: string;
    readonly roleArn: string;
    readonly loggingConfiguration?: object | undefined;
    readonly tracingConfiguration?: object | undefined;
  },
  at: number,
): Machine {
  const { name, definition, roleArn: role, loggingConfiguration, tracingConfiguration } = given;
  parseDefinition(definition);
  const kept = JSON.stringify({ loggingConfiguration, tracingConfiguration });
  return { arn, name, definition, roleArn: role, settings: kept, createdAt: at, updatedAt: at };
}

function sameMachine(one: Machine, other: Machine): boolean {
  return one.definition === other.definition && one.roleArn === other.roleArn && one.settings === other.settings;
}

function describe({ arn, name, definition, roleArn: role, settings: kept, createdAt }: Machine): object {
  return {
    stateMachineArn: arn,
    name,
    status: 'ACTIVE',
    definition,
    roleArn: role,
    type: 'STANDARD',
    creationDate: createdAt / 1000,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    ...(JSON.parse(kept) as object),
  };
}
