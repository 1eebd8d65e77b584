import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { scenarioMessages } from '../explorer/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { moved, type Rule, type RuleInput } from '../rules/draft.ts';
import { rulesMessages } from '../rules/messages.ts';
import { rulesQuery, useSaveRules } from '../rules/queries.ts';
import { RuleDialog } from '../rules/rule-dialog.tsx';
import { NotForYou } from './not-for-you.tsx';

/** What a rule does, on what, where and when, in words. */
function Said({ rule }: { readonly rule: Rule }) {
  const { number, date } = useMessages();
  const text = useText(rulesMessages);
  const names = useText(scenarioMessages);
  const { on } = rule;
  const what =
    on.itemIds?.join(', ') ??
    ('category' in on && on.category
      ? on.category.join(' › ')
      : 'attribute' in on && on.attribute
        ? `${on.attribute.name} = ${String(on.attribute.equals)}`
        : '');
  const more = rule.effect === 'pin' ? number(rule.position) : rule.effect === 'boost' ? number(rule.factor) : '';
  const when =
    rule.from && rule.until
      ? text.period(date(rule.from), date(rule.until))
      : rule.from
        ? text.fromOn(date(rule.from))
        : rule.until
          ? text.untilThen(date(rule.until))
          : undefined;
  const where = rule.scenarios?.map((scenario) => names[scenario]).join(', ') ?? text.allLists;
  return (
    <span className="block text-sm text-soft wrap-anywhere">
      {[text.says[rule.effect](what, more), where, when].filter(Boolean).join(' · ')}
    </span>
  );
}

/** The rules of the lists, in their order; each change is saved at once and can be undone. */
export function RulesPage() {
  const text = useText(rulesMessages);
  const viewer = useViewer();
  const may = viewer?.may('getRules') ?? false;
  const set = useQuery({ ...rulesQuery, enabled: may });
  const save = useSaveRules();
  /** The place of the rule that is edited; one behind the last for a new one. */
  const [editing, setEditing] = useState<number>();
  if (!viewer) return <Skeleton lines={8} />;
  if (!may) return <NotForYou title={text.title} />;
  const mayEdit = viewer.may('putRules');
  const rules = set.data?.rules ?? [];
  const change = (next: readonly RuleInput[], done: string, onSuccess?: () => void) => {
    if (!set.data) return;
    save.mutate({ before: set.data, rules: next, done, atOnce: !onSuccess }, onSuccess ? { onSuccess } : {});
  };
  const withRule = (place: number, rule: RuleInput): readonly RuleInput[] =>
    place < rules.length ? rules.map((one, index) => (index === place ? rule : one)) : [...rules, rule];
  const addButton = mayEdit && set.data && (
    <Button
      look="strong"
      onClick={() => {
        save.reset();
        setEditing(rules.length);
      }}
    >
      {text.add}
    </Button>
  );
  return (
    <>
      <PageTitle note={text.note} actions={rules.length > 0 && addButton}>
        {text.title}
      </PageTitle>
      {set.isPending && <Skeleton lines={8} />}
      {set.error && <ProblemNotice error={set.error} retry={() => set.refetch()} />}
      {save.error && editing === undefined && <ProblemNotice error={save.error} />}
      {set.data && rules.length === 0 && (
        <EmptyState title={text.emptyTitle} action={addButton}>
          {text.empty}
        </EmptyState>
      )}
      {rules.length > 0 && (
        <ol className="divide-y divide-line rounded-xl border border-line bg-panel px-5">
          {rules.map((rule, index) => {
            const on = rule.enabled !== false;
            const toggled = { ...rule, enabled: !on };
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rules have no ids, and names may be the same
              <li key={`${rule.name} ${index}`} className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
                {mayEdit && (
                  <span className="flex flex-col">
                    <button
                      type="button"
                      aria-label={text.up(rule.name)}
                      disabled={index === 0 || save.isPending}
                      className="grid size-6 place-items-center rounded text-soft hover:text-ink disabled:opacity-30"
                      onClick={() => change(moved(rules, index, index - 1), text.moved)}
                    >
                      <ArrowUp aria-hidden="true" className="size-4" />
                    </button>
                    <button
                      type="button"
                      aria-label={text.down(rule.name)}
                      disabled={index === rules.length - 1 || save.isPending}
                      className="grid size-6 place-items-center rounded text-soft hover:text-ink disabled:opacity-30"
                      onClick={() => change(moved(rules, index, index + 1), text.moved)}
                    >
                      <ArrowDown aria-hidden="true" className="size-4" />
                    </button>
                  </span>
                )}
                <span className="min-w-48 flex-1">
                  <span className="flex flex-wrap items-center gap-2">
                    <span className="font-medium wrap-anywhere">{rule.name}</span>
                    <Badge>{text.effects[rule.effect]}</Badge>
                  </span>
                  <Said rule={rule} />
                </span>
                <label className="flex min-h-6 items-center gap-2 text-sm">
                  <input
                    type="checkbox"
                    aria-label={text.isOn(rule.name)}
                    className="size-4 accent-accent"
                    checked={on}
                    disabled={!mayEdit || save.isPending}
                    onChange={() =>
                      change(withRule(index, toggled), on ? text.switchedOff(rule.name) : text.switchedOn(rule.name))
                    }
                  />
                  {text.on}
                </label>
                {mayEdit && (
                  <span className="flex gap-2">
                    <Button
                      aria-label={`${text.edit}: ${rule.name}`}
                      onClick={() => {
                        save.reset();
                        setEditing(index);
                      }}
                    >
                      {text.edit}
                    </Button>
                    <Button
                      aria-label={`${text.remove}: ${rule.name}`}
                      disabled={save.isPending}
                      onClick={() =>
                        change(
                          rules.filter((_, place) => place !== index),
                          text.removed(rule.name),
                        )
                      }
                    >
                      {text.remove}
                    </Button>
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      )}
      {editing !== undefined && (
        <RuleDialog
          rule={rules[editing]}
          others={(rule) => withRule(editing, rule)}
          error={save.error}
          busy={save.isPending}
          onSave={(rule) => change(withRule(editing, rule), text.saved(rule.name), () => setEditing(undefined))}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}
