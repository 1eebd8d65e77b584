/** What a company's address may be: the name of its host, so lower-case letters, digits and single hyphens. */
export const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const slugLengthMin = 3;
export const slugLengthMax = 40;

export const isSlug = (text: string): boolean =>
  text.length >= slugLengthMin && text.length <= slugLengthMax && slugPattern.test(text);
