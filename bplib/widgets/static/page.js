// Widgets on a page without a kernel: the states are in the page, and a model keeps them as Jupyter's would.

import { reachable } from "./elements.js";

// What a view asks of a model. `tell` reports to those who listen: "change:step", or "msg:custom" with its content.
export function modelOf(state) {
  const listeners = new Set();
  const tell = (event, ...news) => {
    for (const [name, listener] of listeners) if (name === event) listener(...news);
  };
  return {
    listeners,
    tell,
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      tell(`change:${name}`);
    },
    on: (event, listener) => listeners.add([event, listener]),
    off(event, listener) {
      for (const pair of listeners) if (pair[0] === event && pair[1] === listener) listeners.delete(pair);
    },
    save_changes() {},
    send() {},
  };
}

async function load(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return (await import(url)).default;
}

// Every element with data-widget="name" shows that widget in the place of its still picture.
//   modules  the widgets' modules as text
//   models   {name: {module: its number, state}}
export async function showWidgets(page, { modules, models }) {
  const views = await Promise.all(modules.map(load));
  const shared = Object.fromEntries(Object.entries(models).map(([name, { state }]) => [name, modelOf(state)]));
  for (const place of page.querySelectorAll("[data-widget]")) {
    const name = place.dataset.widget;
    const el = document.createElement("div");
    place.append(el);
    views[models[name].module].render({ model: shared[name], el });
    place.querySelector(".still").hidden = true;
  }
}

// What is wider than the page scrolls, and the Tab key reaches it.
const SCROLLS = "pre, .wide, :is(main, .output, details) > table";
export function reachAll(page) {
  const follow = () => page.querySelectorAll(SCROLLS).forEach(reachable);
  addEventListener("resize", follow);
  page.addEventListener("toggle", follow, { capture: true }); // of a fold
  follow();
}

// On a dark screen the widgets are dark as well; on paper nothing is.
export function followTheTheme(root) {
  const dark = matchMedia("screen and (prefers-color-scheme: dark)");
  const follow = () => (root.dataset.theme = dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
}
