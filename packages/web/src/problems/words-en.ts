import type { ProblemWords } from './catalogue.ts';
import type { SchemaMessage } from './schema-messages.ts';

/** The API speaks English: its sentences stand, and only what a schema says by itself is put as people say it. */
export const problemWordsEn: ProblemWords = {
  codes: {},
  sentences: {},
  fields: {
    'Invalid input: expected {0}, received undefined': 'is missing',
    'Invalid input: expected {0}, received {1}': 'must be of the kind {0}',
    'Invalid input: expected {0}': 'must be {0}',
    'Invalid input': 'is not possible here',
    'Invalid option: expected one of {0}': 'must be one of {0}',
    'Invalid email address': 'must be a mail address',
    'Invalid URL': 'must be a web address',
    'Invalid ISO datetime': 'must be a time such as 2026-11-30T12:00:00Z',
    'Invalid ISO date': 'must be a day such as 2026-11-30',
    'Unrecognized key: {0}': 'has an unknown field: {0}',
    'Too small: expected string to have >=1 characters': 'must not be empty',
    'Too small: expected {0} to have >={1} characters': 'must have at least {1} characters',
    'Too big: expected {0} to have <={1} characters': 'must have at most {1} characters',
    'Too small: expected {0} to have {1} items': 'has too few entries',
    'Too big: expected {0} to have {1} items': 'has too many entries',
    'Too small: expected {0} to be >={1}': 'must be at least {1}',
    'Too small: expected {0} to be >{1}': 'must be more than {1}',
    'Too big: expected {0} to be <={1}': 'must be at most {1}',
    'Too big: expected {0} to be <{1}': 'must be less than {1}',
    'Invalid {0}': 'has characters that it may not have, or another form',
  } satisfies Record<SchemaMessage, string>,
  values: {},
};
