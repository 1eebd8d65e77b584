/** The domain in what somebody typed, who may have given a whole mail address or that of a web site. */
export function typedDomain(typed: string): string {
  const text = typed.trim();
  if (/^https?:/i.test(text) && URL.canParse(text)) return new URL(text).hostname.replace(/^www\./, '');
  return text.slice(text.lastIndexOf('@') + 1);
}
