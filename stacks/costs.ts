import { createAlarmTopic } from './alarm-topic.ts';
import type { StageSettings } from './stage.ts';

/** On everything that the program makes, so that a bill can be told by stage. Onboarding adds the tenant to what it makes for one. */
export const costTags = (app: string, stage: string): Readonly<Record<string, string>> => ({ App: app, Stage: stage });

/** Percent of the month's budget at which people hear of it: of what was spent, and of what the month will come to. */
const ALARMS = [
  { notificationType: 'ACTUAL', threshold: 50 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** The stage's budget, by its tag, and the topic that hears when it is about to be exceeded. */
export function createCosts({ budget }: Pick<StageSettings, 'budget'>): void {
  if (!budget) return;
  const topic = createAlarmTopic('BudgetAlarms', 'budgets.amazonaws.com');
  new aws.budgets.Budget('StageBudget', {
    name: `${$app.name}-${$app.stage}`,
    budgetType: 'COST',
    limitAmount: String(budget.monthlyUsd),
    limitUnit: 'USD',
    timeUnit: 'MONTHLY',
    costFilters: [{ name: 'TagKeyValue', values: [`user:Stage$${$app.stage}`] }],
    notifications: ALARMS.map((alarm) => ({
      ...alarm,
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
      subscriberSnsTopicArns: [topic.arn],
    })),
  });
}
