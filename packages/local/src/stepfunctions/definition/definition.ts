import { AwsError } from '../../aws/engine.ts';
import { checkDefinition } from './check.ts';
import { type Definition, definitionSchema } from './schema.ts';

/** AWS's own bound on a definition's text. */
const DEFINITION_BYTES_MAX = 1_048_576;

/** One thing that is wrong with a definition, as `ValidateStateMachineDefinition` gives it. */
export interface Diagnostic {
  readonly severity: 'ERROR';
  readonly code: string;
  readonly message: string;
  /** `/States/Begin/Retry/0` */
  readonly location: string;
}

/** Everything that is wrong with a definition; nothing when it can be run. */
export function diagnose(
  text: string,
): { readonly definition: Definition } | { readonly diagnostics: readonly Diagnostic[] } {
  if (Buffer.byteLength(text) > DEFINITION_BYTES_MAX) {
    return failure('SCHEMA_VALIDATION_FAILED', `A definition may have ${DEFINITION_BYTES_MAX} bytes.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failure('INVALID_JSON_DESCRIPTION', error instanceof Error ? error.message : 'It is not JSON.');
  }
  const parsed = definitionSchema.safeParse(value);
  if (!parsed.success) {
    const diagnostics = parsed.error.issues.map(
      ({ path, message }): Diagnostic => ({
        severity: 'ERROR',
        code: 'SCHEMA_VALIDATION_FAILED',
        message,
        location: path.length === 0 ? '/' : path.map((step) => `/${String(step)}`).join(''),
      }),
    );
    return { diagnostics };
  }
  const diagnostics = checkDefinition(parsed.data);
  return diagnostics.length === 0 ? { definition: parsed.data } : { diagnostics };
}

/** @throws {AwsError} `InvalidDefinition` with every fault and where it is. */
export function parseDefinition(text: string): Definition {
  const result = diagnose(text);
  if ('definition' in result) return result.definition;
  const faults = result.diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${faults.join(', ')}'`);
}

function failure(code: string, message: string): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [{ severity: 'ERROR', code, message, location: '/' }] };
}
