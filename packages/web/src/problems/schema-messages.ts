/** What a schema says of input by itself, where the contract gives it no words of its own: the narrower ones first. */
export const schemaMessages = [
  'Invalid input: expected {0}, received undefined',
  'Invalid input: expected {0}, received {1}',
  'Invalid input: expected {0}',
  'Invalid input',
  'Invalid option: expected one of {0}',
  'Invalid email address',
  'Invalid URL',
  'Invalid ISO datetime',
  'Invalid ISO date',
  'Unrecognized key: {0}',
  'Too small: expected string to have >=1 characters',
  'Too small: expected {0} to have >={1} characters',
  'Too big: expected {0} to have <={1} characters',
  'Too small: expected {0} to have {1} items',
  'Too big: expected {0} to have {1} items',
  'Too small: expected {0} to be >={1}',
  'Too small: expected {0} to be >{1}',
  'Too big: expected {0} to be <={1}',
  'Too big: expected {0} to be <{1}',
  'Invalid {0}',
] as const;
export type SchemaMessage = (typeof schemaMessages)[number];
