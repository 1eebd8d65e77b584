import { describe, expect, it } from 'vitest';
import { stageSettings } from '../../stacks/stage.ts';
import { graphOf, named, ofType, stages } from './graphs.ts';

interface App {
  readonly providers: { readonly aws: { readonly defaultTags: { readonly tags: Readonly<Record<string, string>> } } };
}

/** What the program says of itself to SST for a stage. */
async function appOf(stage: string): Promise<App> {
  Object.assign(globalThis, { $config: (config: object) => config });
  const { default: config } = await import('../../sst.config.ts');
  return (config as unknown as { app(input: { stage: string }): Promise<App> }).app({ stage });
}

describe.each(stages)('the costs of the stage %s', (stage) => {
  it('can be told from those of every other stage by a tag on everything that is made', async () => {
    const { tags } = (await appOf(stage)).providers.aws.defaultTags;
    expect(tags).toEqual({ App: 'tenantry', Stage: stage });
  });

  it('raise an alarm before they exceed the budget, where anything costs', () => {
    const graph = graphOf(stage);
    const { budget } = stageSettings(stage);
    if (!budget) {
      expect(stage).toBe('local');
      expect(ofType(graph, 'Budget')).toEqual([]);
      return;
    }
    const { inputs } = named(graph, 'Budget', 'StageBudget');
    expect(inputs).toMatchObject({
      limitAmount: String(budget.monthlyUsd),
      timeUnit: 'MONTHLY',
      costFilters: [{ name: 'TagKeyValue', values: [`user:Stage$${stage}`] }],
    });
    const notifications = inputs.notifications as readonly Record<string, unknown>[];
    expect(notifications).toContainEqual(expect.objectContaining({ notificationType: 'FORECASTED', threshold: 100 }));
    const { arn } = named(graph, 'Topic', 'BudgetAlarms').state;
    for (const { subscriberSnsTopicArns } of notifications) expect(subscriberSnsTopicArns).toEqual([arn]);
  });

  it.each([
    ['BudgetAlarms', 'budgets.amazonaws.com'],
    ['MeteringAlarms', 'cloudwatch.amazonaws.com'],
    ['JobAlarms', 'cloudwatch.amazonaws.com'],
  ])('are told of on %s by %s of this account alone', (topic, service) => {
    const policies = ofType(graphOf(stage), 'TopicPolicy').filter(({ name }) => name === `${topic}Policy`);
    if (topic !== 'BudgetAlarms' || stageSettings(stage).budget) expect(policies).toHaveLength(1);
    for (const { inputs } of policies) {
      const { Statement } = JSON.parse(String(inputs.policy)) as { readonly Statement: readonly object[] };
      expect(Statement).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sns:Publish',
          Resource: inputs.arn,
          Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
        },
      ]);
    }
  });
});
