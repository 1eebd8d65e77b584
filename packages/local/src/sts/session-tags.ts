import { AwsError } from '../aws/engine.ts';
import { type Query, validationError } from './query.ts';

/** Tags of a session and those of them that go over into the next. */
export interface SessionTags {
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

const TAGS_MAX = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** @throws {AwsError} when STS would refuse them. */
export function readTags(query: Query): SessionTags {
  const pairs = query.records('Tags').map((record) => {
    const { Key: key, Value: value, ...rest } = record;
    if (key === undefined || value === undefined || Object.keys(rest).length > 0) {
      throw validationError('Each of Tags has a Key and a Value.');
    }
    return [key, value] as const;
  });
  return checkTags(pairs, query.list('TransitiveTagKeys'));
}

/** @throws {AwsError} when STS would refuse them. */
export function checkTags(
  pairs: readonly (readonly [key: string, value: string])[],
  transitiveTagKeys: readonly string[],
): SessionTags {
  if (pairs.length > TAGS_MAX) throw validationError(`A session has at most ${TAGS_MAX} tags.`);
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    if (!KEY.test(key) || /^aws:/i.test(key)) throw validationError(`The tag key ${JSON.stringify(key)} is not valid.`);
    if (!VALUE.test(value)) throw validationError(`The value of the tag ${key} is not valid.`);
    if (seen.has(key.toLowerCase())) {
      throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(key.toLowerCase());
  }
  const missing = transitiveTagKeys.find((key) => !seen.has(key.toLowerCase()));
  if (missing !== undefined) {
    throw invalidParameter(`The transitive tag key ${missing} is not among the tags of the request.`);
  }
  return { tags: Object.fromEntries(pairs), transitiveTagKeys };
}

/**
 * Adds the tags that the calling session passes on.
 * @throws {AwsError} when the request would change one of them.
 */
export function inheritTags(requested: SessionTags, caller: SessionTags): SessionTags {
  const passedOn = caller.transitiveTagKeys.map((key) => key.toLowerCase());
  if (Object.keys(requested.tags).some((key) => passedOn.includes(key.toLowerCase()))) {
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const inherited = Object.entries(caller.tags).filter(([key]) => passedOn.includes(key.toLowerCase()));
  return {
    tags: { ...Object.fromEntries(inherited), ...requested.tags },
    transitiveTagKeys: [...caller.transitiveTagKeys, ...requested.transitiveTagKeys],
  };
}

function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
