import { validationError } from '../errors.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'integer' | 'symbol' | 'end';
  readonly text: string;
  readonly offset: number;
}

const EXPRESSION_LENGTH_MAX = 4_096;
const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const KINDS = ['word', 'name', 'value', 'integer', 'symbol'] as const;

/** Splits an expression into tokens, in one pass. @throws {AwsError} `ValidationException` that names the parameter. */
export function tokenise(expression: string, parameter: string): readonly Token[] {
  if (expression.trim() === '') throw validationError(`Invalid ${parameter}: The expression can not be empty;`);
  if (expression.length > EXPRESSION_LENGTH_MAX) {
    throw validationError(
      `Invalid ${parameter}: Expression size has exceeded the maximum allowed size; expression size: ${expression.length}`,
    );
  }
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const offset = TOKEN.lastIndex;
    const match = TOKEN.exec(expression);
    const group = match ? match.slice(1).findIndex((text) => text !== undefined) : -1;
    const kind = KINDS[group];
    const text = match?.[group + 1];
    if (kind === undefined || text === undefined) throw syntaxError(expression, parameter, offset);
    tokens.push({ kind, text, offset: TOKEN.lastIndex - text.length });
  }
  tokens.push({ kind: 'end', text: '<EOF>', offset: end });
  return tokens;
}

export function syntaxError(expression: string, parameter: string, offset: number, token?: string) {
  const near = expression.slice(Math.max(0, offset - 10), offset + 10).trim();
  const shown = token ?? expression.slice(offset).trim().slice(0, 1);
  return validationError(`Invalid ${parameter}: Syntax error; token: "${shown}", near: "${near}"`);
}
