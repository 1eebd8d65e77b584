import type { AttributeType, AttributeValue } from '../attribute-value.ts';
import type { Operand } from './cursor.ts';
import type { Path } from './path.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** What a comparison compares: a path, a value, or the size of what a path names. */
export type Comparand = Operand | { readonly kind: 'size'; readonly path: Path };

/** A condition or filter, parsed, with its placeholders resolved. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Condition[] }
  | { readonly kind: 'not'; readonly term: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Comparand; readonly right: Comparand }
  | { readonly kind: 'between'; readonly operand: Comparand; readonly low: Comparand; readonly high: Comparand }
  | { readonly kind: 'in'; readonly operand: Comparand; readonly candidates: readonly Comparand[] }
  | { readonly kind: 'exists' | 'notExists'; readonly path: Path }
  | { readonly kind: 'type'; readonly path: Path; readonly type: AttributeType }
  | { readonly kind: 'beginsWith' | 'contains'; readonly operand: Comparand; readonly part: Comparand };

/** Every attribute that the condition reads, once each. */
export function attributesOf(condition: Condition): ReadonlySet<string> {
  return new Set(pathsOf(condition).map(([head]) => head));
}

const pathsIn = (operands: readonly Comparand[]): readonly Path[] =>
  operands.flatMap((operand) => (operand.kind === 'value' ? [] : [operand.path]));

function pathsOf(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.terms.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.term);
    case 'compare':
      return pathsIn([condition.left, condition.right]);
    case 'between':
      return pathsIn([condition.operand, condition.low, condition.high]);
    case 'in':
      return pathsIn([condition.operand, ...condition.candidates]);
    case 'exists':
    case 'notExists':
    case 'type':
      return [condition.path];
    case 'beginsWith':
    case 'contains':
      return pathsIn([condition.operand, condition.part]);
  }
}

/** Constants known before any item is read. */
export const constantOf = (operand: Comparand): AttributeValue | undefined =>
  operand.kind === 'value' ? operand.value : undefined;
