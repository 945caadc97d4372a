/** Returns a new element with text and attributes. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  created.textContent = text;
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  return created;
}

/** Returns a button that runs a function. `label` is for screen readers, if the text is a sign. */
export function button(text: string, label: string, run: () => void): HTMLButtonElement {
  const created = element('button', text, { type: 'button', ...(label === text ? {} : { 'aria-label': label, title: label }) });
  created.addEventListener('click', run);
  return created;
}
