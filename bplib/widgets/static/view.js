// The life of a view: it begins with the root element of a widget, and at its end all that listened is gone.

import { html } from "./elements.js";

// What anywidget calls for every view. `build` gets the model, the root and four ways to begin what must end:
//   on(element, type, listener)       an event of the page
//   watch(event, listener)            an event of the model: "change:data", "msg:custom"
//   whenResized(element, listener)
//   atEnd(action)                     all else: timers, workers
export function view(name, build) {
  return ({ model, el }) => {
    const life = new AbortController();
    const { signal } = life;
    const root = html("div", { class: `bplib-widget bplib-${name}` });
    const atEnd = (action) => signal.addEventListener("abort", action);
    const on = (element, type, listener) => element.addEventListener(type, listener, { signal });
    const watch = (event, listener) => {
      model.on(event, listener);
      atEnd(() => model.off(event, listener));
    };
    const whenResized = (element, listener) => {
      const observer = new ResizeObserver(listener);
      observer.observe(element);
      atEnd(() => observer.disconnect());
    };
    el.append(root);
    keepKeys(root, on);
    build({ model, root, on, watch, whenResized, atEnd });
    return () => life.abort();
  };
}

// JupyterLab takes arrow keys and letters (x cuts the cell) unless the focused element itself forbids it; and from a
// field inside a cell it takes away what Enter does by birth, so that no form would be sent.
function keepKeys(root, on) {
  on(root, "focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  on(root, "keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("form input")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
}
