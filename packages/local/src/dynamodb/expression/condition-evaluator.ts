import { type AttributeValue, compareValues, type Item, typeOf, valuesEqual } from '../attribute-value.ts';
import type { Comparand, Comparator, Condition } from './condition.ts';
import { valueAt } from './path.ts';

/** Whether an item meets a condition. An item that does not exist is an empty one. */
export function meets(item: Item, condition: Condition): boolean {
  const resolved = (operand: Comparand) => resolve(item, operand);
  switch (condition.kind) {
    case 'and':
      return condition.terms.every((term) => meets(item, term));
    case 'or':
      return condition.terms.some((term) => meets(item, term));
    case 'not':
      return !meets(item, condition.term);
    case 'compare':
      return compare(condition.comparator, resolved(condition.left), resolved(condition.right));
    case 'between': {
      const operand = resolved(condition.operand);
      return compare('>=', operand, resolved(condition.low)) && compare('<=', operand, resolved(condition.high));
    }
    case 'in': {
      const operand = resolved(condition.operand);
      return condition.candidates.some((candidate) => compare('=', operand, resolved(candidate)));
    }
    case 'exists':
      return valueAt(item, condition.path) !== undefined;
    case 'notExists':
      return valueAt(item, condition.path) === undefined;
    case 'type': {
      const value = valueAt(item, condition.path);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'beginsWith':
      return beginsWith(resolved(condition.operand), resolved(condition.part));
    case 'contains':
      return contains(resolved(condition.operand), resolved(condition.part));
  }
}

function resolve(item: Item, operand: Comparand): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value;
  const value = valueAt(item, operand.path);
  if (operand.kind === 'path') return value;
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size()` counts: bytes of a string or binary, members of a collection; other types have none. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return undefined;
}

function compare(comparator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === '<>';
  if (comparator === '=') return valuesEqual(left, right);
  if (comparator === '<>') return !valuesEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (!value || !prefix) return false;
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const [bytes, start] = [Buffer.from(value.B, 'base64'), Buffer.from(prefix.B, 'base64')];
  return bytes.subarray(0, start.length).equals(start);
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (!value || !part) return false;
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B);
  return 'L' in value && value.L.some((element) => valuesEqual(element, part));
}
