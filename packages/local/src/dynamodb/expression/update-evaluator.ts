import { type AttributeValue, attributeOf, emptyItem, type Item } from '../attribute-value.ts';
import { addDecimals, formatDecimal, negateDecimal, parseDecimal } from '../decimal.ts';
import { validationError } from '../errors.ts';
import { valueAt } from './path.ts';
import type { Change, Term, Update } from './update.ts';

type Step = string | number;

const wrongType = () => validationError('An operand in the update expression has an incorrect data type');
const wrongPath = () => validationError('The document path provided in the update expression is invalid for update');

/**
 * The item after an update. Every right-hand side sees the item as it was before; list elements are removed by the
 * indexes that they had before.
 * @throws {AwsError} `ValidationException` when the update does not fit the item.
 */
export function applyUpdate(item: Item, update: Update): Item {
  const writes: readonly Pending[] = [
    ...update.set.map(({ path, term }) => ({ rest: path, value: evaluate(item, term) })),
    ...update.add.map((change) => ({ rest: change.path, value: added(valueAt(item, change.path), change) })),
    ...update.delete.map((change) => ({ rest: change.path, value: reduced(valueAt(item, change.path), change) })),
    ...update.remove.map((path) => ({ rest: path, value: undefined })),
  ];
  return rewriteMap(item, group(writes));
}

/** One write to come below a map or list: where it goes on, and what it puts there (nothing: it removes). */
interface Pending {
  readonly rest: readonly Step[];
  readonly value: AttributeValue | undefined;
}

function group(pending: readonly Pending[]): ReadonlyMap<Step, readonly Pending[]> {
  const groups = new Map<Step, Pending[]>();
  for (const { rest, value } of pending) {
    const [step, ...below] = rest;
    if (step === undefined) throw new Error('a write without a path');
    const members = groups.get(step) ?? [];
    members.push({ rest: below, value });
    groups.set(step, members);
  }
  return groups;
}

/** What stands at one step after its writes. Paths are disjoint, so a write that ends here is alone. */
function rewrite(existing: AttributeValue | undefined, pending: readonly Pending[]): AttributeValue | undefined {
  const [first] = pending;
  if (first?.rest.length === 0) return first.value;
  const groups = group(pending);
  const byIndex = [...groups.keys()].some((step) => typeof step === 'number');
  if (byIndex && existing && 'L' in existing) return { L: rewriteList(existing.L, groups) };
  if (!byIndex && existing && 'M' in existing) return { M: rewriteMap(existing.M, groups) };
  throw wrongPath();
}

function rewriteMap(map: Item, groups: ReadonlyMap<Step, readonly Pending[]>): Item {
  const result = Object.assign(emptyItem(), map);
  for (const [step, pending] of groups) {
    const name = String(step);
    const value = rewrite(attributeOf(map, name), pending);
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

function rewriteList(
  list: readonly AttributeValue[],
  groups: ReadonlyMap<Step, readonly Pending[]>,
): readonly AttributeValue[] {
  const kept: (AttributeValue | undefined)[] = [...list];
  const steps = [...groups.keys()].filter((step) => typeof step === 'number').sort((left, right) => left - right);
  for (const step of steps) {
    const value = rewrite(list[step], groups.get(step) ?? []);
    if (step < list.length) kept[step] = value;
    else if (value !== undefined) kept.push(value);
  }
  return kept.filter((element) => element !== undefined);
}

function evaluate(item: Item, term: Term): AttributeValue {
  switch (term.kind) {
    case 'value':
      return term.value;
    case 'path': {
      const value = valueAt(item, term.path);
      if (!value)
        throw validationError('The provided expression refers to an attribute that does not exist in the item');
      return value;
    }
    case 'ifNotExists':
      return valueAt(item, term.path) ?? evaluate(item, term.otherwise);
    case 'listAppend': {
      const [left, right] = [evaluate(item, term.left), evaluate(item, term.right)];
      if (!('L' in left && 'L' in right)) throw wrongType();
      return { L: [...left.L, ...right.L] };
    }
    case 'plus':
    case 'minus': {
      const [left, right] = [evaluate(item, term.left), evaluate(item, term.right)];
      if (!('N' in left && 'N' in right)) throw wrongType();
      const operand = parseDecimal(right.N);
      return addNumbers(left.N, term.kind === 'plus' ? operand : negateDecimal(operand));
    }
  }
}

const addNumbers = (left: string, right: ReturnType<typeof parseDecimal>): AttributeValue => ({
  N: formatDecimal(addDecimals(parseDecimal(left), right)),
});

const union = (left: readonly string[], right: readonly string[]) => [...new Set([...left, ...right])];

function added(existing: AttributeValue | undefined, { value }: Change): AttributeValue {
  if (!existing) return value;
  if ('N' in existing && 'N' in value) return addNumbers(existing.N, parseDecimal(value.N));
  if ('SS' in existing && 'SS' in value) return { SS: union(existing.SS, value.SS) };
  if ('NS' in existing && 'NS' in value) return { NS: union(existing.NS, value.NS) };
  if ('BS' in existing && 'BS' in value) return { BS: union(existing.BS, value.BS) };
  if ('L' in existing && 'L' in value) return { L: [...existing.L, ...value.L] };
  throw wrongType();
}

/** A set that loses its last member goes altogether. */
function reduced(existing: AttributeValue | undefined, { value }: Change): AttributeValue | undefined {
  if (!existing) return undefined;
  const without = (members: readonly string[], gone: readonly string[]) =>
    members.filter((member) => !gone.includes(member));
  if ('SS' in existing && 'SS' in value) {
    const SS = without(existing.SS, value.SS);
    return SS.length > 0 ? { SS } : undefined;
  }
  if ('NS' in existing && 'NS' in value) {
    const NS = without(existing.NS, value.NS);
    return NS.length > 0 ? { NS } : undefined;
  }
  if ('BS' in existing && 'BS' in value) {
    const BS = without(existing.BS, value.BS);
    return BS.length > 0 ? { BS } : undefined;
  }
  throw wrongType();
}
