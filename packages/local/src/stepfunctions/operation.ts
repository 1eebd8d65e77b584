import * as z from 'zod';
import { AwsError, type AwsRequest, type IamRequirement, type Operation } from '../aws/engine.ts';

/** An operation of the JSON protocol: its body, what it needs, and what it does. */
export interface OperationSpec {
  /** @throws {AwsError} `ValidationException` for a body of another shape. */
  prepare(name: string, body: unknown): Operation;
}

export function operation<Schema extends z.ZodType>(spec: {
  readonly body: Schema;
  readonly requires: (body: z.output<Schema>) => readonly IamRequirement[];
  readonly run: (body: z.output<Schema>) => object | Promise<object>;
}): OperationSpec {
  return {
    prepare(name, given) {
      const parsed = spec.body.safeParse(given);
      if (!parsed.success) throw validation(z.prettifyError(parsed.error));
      const body = parsed.data;
      return {
        name,
        requires: spec.requires(body),
        run: async () => ({ body: await spec.run(body) }),
      };
    },
  };
}

/** Finds the operation that `X-Amz-Target` names. */
export function prepareOperation(
  operations: Readonly<Record<string, OperationSpec>>,
  target: string,
  request: AwsRequest,
): Operation {
  const [prefix, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
  const spec = prefix === target && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (spec === undefined) throw new AwsError('UnknownOperationException', `Not supported here: ${name || 'no target'}`);
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
  return spec.prepare(name, body);
}

function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
