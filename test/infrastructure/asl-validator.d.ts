/** The part of the package that the tests call; it comes without types. */
declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean;
    errorsText(separator: string): string;
  }
  function validate(definition: object): Verdict;
  export = validate;
}
