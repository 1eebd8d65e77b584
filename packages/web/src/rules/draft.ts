import type { CallInput, CallOutput } from '../api/client.ts';
import { attributeOf, splitCategory } from '../catalogue/read-file.ts';
import type { Scenario } from '../explorer/request.ts';

export type Rule = CallOutput<'getRules'>['rules'][number];
export type RuleInput = CallInput<'putRules'>['body']['rules'][number];

export const effects = ['pin', 'boost', 'bury', 'exclude'] as const;
export type Effect = (typeof effects)[number];
export const targets = ['itemIds', 'category', 'attribute'] as const;
export type Target = (typeof targets)[number];

/** A rule as somebody types it. */
export interface Draft {
  readonly name: string;
  readonly effect: Effect;
  readonly target: Target;
  readonly items: string;
  readonly category: string;
  readonly attribute: string;
  readonly value: string;
  /** What the attribute had to be when the form was opened, which may be a text that reads like a number. */
  readonly equals?: string | number | boolean | undefined;
  readonly position: number;
  readonly factor: number;
  /** Empty for all. */
  readonly scenarios: readonly Scenario[];
  /** As a field of date and time has it, in the time of this place; empty for none. */
  readonly from: string;
  readonly until: string;
  readonly enabled: boolean;
}

export const newDraft: Draft = {
  name: '',
  effect: 'boost',
  target: 'category',
  items: '',
  category: '',
  attribute: '',
  value: '',
  position: 1,
  factor: 2,
  scenarios: [],
  from: '',
  until: '',
  enabled: true,
};

const asField = (time: string | undefined): string => {
  if (!time) return '';
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export function draftOf(rule: Rule): Draft {
  const { on } = rule;
  const target: Target =
    'category' in on && on.category ? 'category' : 'attribute' in on && on.attribute ? 'attribute' : 'itemIds';
  return {
    ...newDraft,
    name: rule.name,
    effect: rule.effect,
    target,
    items: on.itemIds?.join(', ') ?? '',
    category: 'category' in on ? (on.category?.join(' > ') ?? '') : '',
    attribute: 'attribute' in on ? (on.attribute?.name ?? '') : '',
    value: 'attribute' in on ? String(on.attribute?.equals ?? '') : '',
    equals: 'attribute' in on ? on.attribute?.equals : undefined,
    position: rule.effect === 'pin' ? rule.position : 1,
    factor: rule.effect === 'boost' ? rule.factor : 2,
    scenarios: rule.scenarios ?? [],
    from: asField(rule.from),
    until: asField(rule.until),
    enabled: rule.enabled !== false,
  };
}

const split = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** A rule asks for one value, which may hold anything. */
function equalsOf({ value, equals }: Draft): string | number | boolean {
  const typed = value.trim();
  if (equals !== undefined && String(equals) === typed) return equals;
  const read = attributeOf(typed);
  return Array.isArray(read) ? typed : read;
}

/** The rule that a draft says; undefined while something that it needs is missing. */
export function ruleOf(draft: Draft): RuleInput | undefined {
  const { name, effect, enabled } = draft;
  const itemIds = split(draft.items);
  const category = splitCategory(draft.category);
  const target = effect === 'pin' ? 'itemIds' : draft.target;
  const complete = {
    itemIds: itemIds.length > 0,
    category: category.length > 0,
    attribute: draft.attribute.trim() !== '' && draft.value.trim() !== '',
  };
  if (!name.trim() || !complete[target]) return undefined;
  const common = {
    name: name.trim(),
    ...(draft.scenarios.length > 0 ? { scenarios: [...draft.scenarios] } : {}),
    ...(draft.from ? { from: new Date(draft.from).toISOString() } : {}),
    ...(draft.until ? { until: new Date(draft.until).toISOString() } : {}),
    ...(enabled ? {} : { enabled: false }),
  };
  if (effect === 'pin') return { ...common, effect, on: { itemIds }, position: draft.position };
  const equals = equalsOf(draft);
  const on =
    target === 'itemIds'
      ? { itemIds }
      : target === 'category'
        ? { category }
        : { attribute: { name: draft.attribute.trim(), equals } };
  return effect === 'boost' ? { ...common, effect, on, factor: draft.factor } : { ...common, effect, on };
}

/** The rules with one of them in another place. */
export function moved<T>(rules: readonly T[], from: number, to: number): readonly T[] {
  const rest = rules.filter((_, index) => index !== from);
  const rule = rules[from];
  return rule === undefined ? rules : [...rest.slice(0, to), rule, ...rest.slice(to)];
}
