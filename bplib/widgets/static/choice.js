// A row of buttons of which one is on.

import { button, html } from "./elements.js";

// options    {name: text}
// choose     called with the name that a reader chooses
// Returns {element, show(name)}.
export function choiceOf(on, label, options, choose) {
  const buttons = Object.entries(options).map(([name, text]) => ({ name, element: button({}, text) }));
  for (const { name, element } of buttons) on(element, "click", () => choose(name));
  const show = (chosen) => buttons.forEach(({ name, element }) => element.setAttribute("aria-pressed", name === chosen));
  const parts = buttons.map(({ element }) => element);
  return { show, element: html("div", { class: "choice", role: "group", "aria-label": label }, ...parts) };
}
