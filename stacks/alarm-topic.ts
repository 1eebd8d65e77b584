import { accountId } from './naming.ts';

/**
 * Hears of alarms of one AWS service, and of nobody else's. Nobody is subscribed by the program, so that no address stands in it.
 * @param service that may publish, such as `cloudwatch.amazonaws.com`
 */
export function createAlarmTopic(name: string, service: string): aws.sns.Topic {
  const topic = new aws.sns.Topic(name);
  new aws.sns.TopicPolicy(`${name}Policy`, {
    arn: topic.arn,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sns:Publish',
          Resource: topic.arn,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId() } },
        },
      ],
    }),
  });
  return topic;
}
