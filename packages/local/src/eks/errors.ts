import { AwsError } from '../aws/engine.ts';

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, 404);
export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message, 409);
export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message, 400);
export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequestException', message, 400);
