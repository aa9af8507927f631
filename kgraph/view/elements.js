// Elements of the page. Text enters it as text, and in no other way.
export const byId = (id) => document.getElementById(id);

// A text of any length is shown as far as a person would read it; the browser would take minutes over the rest.
export const clip = (text, most = 4000) => {
  const words = String(text);
  return words.length > most ? `${words.slice(0, most)}… (${words.length} characters)` : words;
};

export function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = clip(text);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function button(text, act, attributes = {}) {
  const made = element("button", text, { type: "button", ...attributes });
  made.addEventListener("click", act);
  return made;
}

export function labelled(words, control) {
  const made = element("label", `${words} `);
  made.append(control);
  return made;
}
