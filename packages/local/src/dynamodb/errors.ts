import { AwsError } from '../aws/engine.ts';

/** The request is wrong in itself, or cannot be applied to the item as it is. */
export const validationError = (message: string) => new AwsError('ValidationException', message);

/** The JSON holds a value of another type than the field has. */
export const serializationError = (message: string) => new AwsError('SerializationException', message);

export const tableNotFound = () => new AwsError('ResourceNotFoundException', 'Requested resource not found');

/** Control operations name the table that they miss. */
export const namedTableNotFound = (name: string) =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

export const resourceInUse = (message: string) => new AwsError('ResourceInUseException', message);

/** @param item The item as it is, where the caller asked for it by `ReturnValuesOnConditionCheckFailure`. */
export const conditionFailed = (item?: object) =>
  new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, item ? { Item: item } : {});
