import { type AttributeType, type AttributeValue, typeOf } from '../attribute-value.ts';
import { validationError } from '../errors.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { isReservedWord } from './reserved-words.ts';
import { syntaxError, type Token, tokenise } from './tokens.ts';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue };

const DEPTH_MAX = 100;
const PATH_STEPS_MAX = 32;

const TYPE_NAMES = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
} as const satisfies Record<AttributeType, string>;

/** Walks the tokens of one expression; what the grammars of conditions, updates and projections share. */
export class Cursor {
  readonly #expression: string;
  readonly #parameter: string;
  readonly #placeholders: Placeholders;
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(expression: string, parameter: string, placeholders: Placeholders) {
    this.#expression = expression;
    this.#parameter = parameter;
    this.#placeholders = placeholders;
    this.#tokens = tokenise(expression, parameter);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)];
    if (!token) throw new Error('an expression without tokens');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  /** Takes a symbol if it comes next. */
  take(symbol: string): boolean {
    const found = this.peek().kind === 'symbol' && this.peek().text === symbol;
    if (found) this.#position += 1;
    return found;
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toUpperCase() === keyword;
  }

  takeKeyword(keyword: string): boolean {
    const found = this.isKeyword(keyword);
    if (found) this.#position += 1;
    return found;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected();
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw this.unexpected();
  }

  unexpected() {
    const token = this.peek();
    return syntaxError(this.#expression, this.#parameter, token.offset, token.text);
  }

  invalid(reason: string) {
    return validationError(`Invalid ${this.#parameter}: ${reason}`);
  }

  incorrectOperand(operator: string, value: AttributeValue) {
    return this.invalid(
      `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${TYPE_NAMES[typeOf(value)]}`,
    );
  }

  /** Runs a rule that may contain itself, to a bounded depth. */
  nested<T>(rule: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.invalid('The expression is nested too deeply;');
    const result = rule();
    this.#depth -= 1;
    return result;
  }

  #attributeName(): string {
    const token = this.next();
    if (token.kind === 'word') {
      if (isReservedWord(token.text)) {
        throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
      }
      return token.text;
    }
    if (token.kind !== 'name') {
      this.#position -= 1;
      throw this.unexpected();
    }
    const name = this.#placeholders.name(token.text);
    if (name === undefined) {
      throw this.invalid(
        `An expression attribute name used in the document path is not defined; attribute name: ${token.text}`,
      );
    }
    return name;
  }

  path(): Path {
    const path: [string, ...(string | number)[]] = [this.#attributeName()];
    for (;;) {
      if (this.take('.')) path.push(this.#attributeName());
      else if (this.take('[')) {
        if (this.peek().kind !== 'integer') throw this.unexpected();
        path.push(Number(this.next().text));
        this.expect(']');
      } else return path;
      if (path.length > PATH_STEPS_MAX) throw this.invalid('The document path has too many nesting elements;');
    }
  }

  value(): AttributeValue {
    const token = this.peek();
    if (token.kind !== 'value') throw this.unexpected();
    this.#position += 1;
    const value = this.#placeholders.value(token.text);
    if (value === undefined) {
      throw this.invalid(
        `An expression attribute value used in expression is not defined; attribute value: ${token.text}`,
      );
    }
    return value;
  }

  operand(): Operand {
    return this.peek().kind === 'value' ? { kind: 'value', value: this.value() } : { kind: 'path', path: this.path() };
  }
}
