declare module 'asl-validator' {
  /** Checks a definition, to which it adds fields. */
  function validate(definition: object): { isValid: boolean; errorsText(separator: string): string };
  export = validate;
}
