import type { DynamoDBRecord } from 'aws-lambda';

/**
 * When a row was written, as its stream says: to the second, and the same however often the record comes. What arrived is metered in the
 * hour of this time.
 * @throws {Error} when the record does not say
 */
export function arrivalOf({ dynamodb }: DynamoDBRecord): Date {
  const seconds = dynamodb?.ApproximateCreationDateTime;
  if (seconds === undefined) throw new Error('A record of a stream does not say when it was written.');
  return new Date(seconds * 1000);
}
