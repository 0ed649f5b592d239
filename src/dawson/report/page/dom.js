// Small help with the page's elements and words.

export const element = (id) => document.getElementById(id);

/** An element with text and attributes. */
export function made(tag, text = '', attributes = {}) {
  const node = document.createElement(tag);
  node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** The template with its {0}, {1}, … replaced by `values`. */
export const filled = (text, ...values) => text.replace(/\{(\d)\}/g, (_, i) => values[i]);
