/** An element with this text and these classes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Text of a program, as the pages show it. */
export function codeElement(text: string): HTMLElement {
  const pre = element('pre', 'overflow-x-auto rounded-lg border border-line bg-page p-3 font-mono text-sm', text);
  pre.tabIndex = 0;
  return pre;
}

/** JSON as people read it; other text as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
