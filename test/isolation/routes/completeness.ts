/** Names what has no case: `The route listWidgets has no isolation case.` */
export function missingCases(what: string, names: Iterable<string>, cases: object): readonly string[] {
  return [...names]
    .filter((name) => !Object.hasOwn(cases, name))
    .map((name) => `The ${what} ${name} has no isolation case.`);
}
