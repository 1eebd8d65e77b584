import { AwsError } from '../aws/engine.ts';

/** What names of machines and executions may be: no white space, brackets, wildcards or other special characters. */
const NAME_PATTERN = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const MACHINE_PATTERN = /^arn:aws:states:[a-z0-9-]+:\d{12}:stateMachine:([^:]+)$/;
const EXECUTION_PATTERN = /^arn:aws:states:[a-z0-9-]+:\d{12}:execution:([^:]+):([^:]+)$/;

/** @throws {AwsError} `InvalidName` */
export function requireName(name: string): string {
  if (NAME_PATTERN.test(name)) return name;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

export function machineArn(place: { readonly region: string; readonly accountId: string }, name: string): string {
  return `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${name}`;
}

/** @throws {AwsError} `InvalidArn`; versions and aliases have no place here. */
export function requireMachineArn(arn: string): string {
  if (MACHINE_PATTERN.test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
}

export function executionArn(machine: string, name: string): string {
  return `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** @throws {AwsError} `InvalidArn` */
export function requireExecutionArn(arn: string): string {
  if (EXECUTION_PATTERN.test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
}

/** The machine that an execution's ARN names. */
export function machineOfExecution(arn: string): string {
  return arn.slice(0, arn.lastIndexOf(':')).replace(':execution:', ':stateMachine:');
}
