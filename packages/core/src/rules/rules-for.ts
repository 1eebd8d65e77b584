import { hasAttribute, isWithin } from '../catalogue/filter.ts';
import type { ListedItem } from '../catalogue/snapshot.ts';
import type { Scenario } from '../contract/recommendation.ts';
import type { Rule } from './rule.ts';

type RuleOf<E extends Rule['effect']> = Extract<Rule, { effect: E }>;
type Target = RuleOf<'exclude'>['on'];
/** What the catalogue says of the item; undefined when it does not know it. */
type Known = ListedItem | undefined;

/** The rules that count for a list at a moment, ready to be asked of items. */
export interface RulesInForce {
  /** Items and the places, from 1, that they are pinned to. */
  readonly pins: readonly { readonly itemIds: readonly string[]; readonly position: number }[];
  excludes(itemId: string, item: Known): boolean;
  buries(itemId: string, item: Known): boolean;
  /** What its score is multiplied by; boosts of several rules multiply. */
  boostOf(itemId: string, item: Known): number;
  /** Whether any of them moves what the model has put in order. */
  readonly reorders: boolean;
}

/** What must not be shown is not shown in any experiment. */
export const onlyExcluding = ({ excludes }: RulesInForce): RulesInForce => ({
  pins: [],
  excludes,
  buries: () => false,
  boostOf: () => 1,
  reorders: false,
});

const isInForce = (rule: Rule, scenario: Scenario, at: string): boolean =>
  rule.enabled !== false &&
  (!rule.scenarios || rule.scenarios.includes(scenario)) &&
  (!rule.from || rule.from <= at) &&
  (!rule.until || at < rule.until);

function isOn({ itemIds, category, attribute }: Target): (itemId: string, item: Known) => boolean {
  if (itemIds) {
    const ids = new Set(itemIds);
    return (itemId) => ids.has(itemId);
  }
  if (category) return (_, item) => isWithin(item?.category, category);
  return (_, item) =>
    attribute !== undefined && hasAttribute(item?.attributes, attribute.name, (value) => value === attribute.equals);
}

export function rulesFor(rules: readonly Rule[], scenario: Scenario, now: Date): RulesInForce {
  const at = now.toISOString();
  const inForce = rules.filter((rule) => isInForce(rule, scenario, at));
  const having = <E extends Rule['effect']>(effect: E) =>
    inForce.filter((rule): rule is RuleOf<E> => rule.effect === effect);
  const excluding = having('exclude').map(({ on }) => isOn(on));
  const burying = having('bury').map(({ on }) => isOn(on));
  const boosting = having('boost').map(({ on, factor }) => ({ isOn: isOn(on), factor }));
  return {
    pins: having('pin').map(({ on, position }) => ({ itemIds: on.itemIds, position })),
    excludes: (itemId, item) => excluding.some((on) => on(itemId, item)),
    buries: (itemId, item) => burying.some((on) => on(itemId, item)),
    boostOf: (itemId, item) =>
      boosting.reduce((boost, { isOn: on, factor }) => (on(itemId, item) ? boost * factor : boost), 1),
    reorders: burying.length > 0 || boosting.length > 0,
  };
}
