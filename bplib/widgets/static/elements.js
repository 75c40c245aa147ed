// What all widgets are made of: numbers as text, elements, and the controls. Whatever a widget has of its own
// (a picture, a table, a plot) is in the file that bears its name.

// ---------------------------------------------------------------- numbers, written as bplib/draw/wording.py does

export function number(x) {
  if (x === null) return "–";
  if (Number.isNaN(x)) return "nan";
  const size = Math.abs(x);
  const sign = x < 0 ? "−" : "";
  if (size === Infinity) return `${sign}∞`;
  if (size >= 1e5 || (size > 0 && size < 0.01)) {
    return sign + size.toExponential(1).replace("+", "").replace("-", "−");
  }
  return sign + fixed(size, size > 0 && size < 0.1 ? 3 : 2);
}

// Python rounds an exact tie to the even digit (0.125 to 0.12), toFixed rounds it up.
function fixed(size, digits) {
  const rounded = size.toFixed(digits);
  const tie = (size * 2 ** (digits + 1)) % 2 === 1;
  return tie && /[13579]$/.test(rounded) ? (size * (1 - 1e-15)).toFixed(digits) : rounded;
}

// With nothing rounded.
export const exact = (x) => (Number.isFinite(x) ? String(x).replaceAll("-", "−").replace("+", "") : number(x));

// With so many significant digits, and no zeros at the end: enough to see a slope settle.
export function digits(x, count = 7) {
  const rounded = Number(x.toPrecision(count));
  const text = rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
  return text.replace("+", "").replaceAll("-", "−");
}

// Of nested lists, or of what was too large to send and came as its shape alone.
export const shapeOf = (value) => value?.shape ?? (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

// (2, 3), and (3,) with Python's comma
export const written = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

// A number, or an array by its shape, followed by its entries when there are at most four.
export function contents(value, write = number) {
  const shape = shapeOf(value);
  if (shape.length === 0) return write(value);
  const size = shape.reduce((a, b) => a * b);
  return size > 0 && size <= 4 ? `${written(shape)} ${entries(value, shape.length, write)}` : written(shape);
}

function entries(value, depth, write) {
  if (depth === 0) return write(value);
  return value.map((part) => entries(part, depth - 1, write)).join(depth > 1 ? "; " : " ");
}

// How the numbers of a table are written: without decimals where all of them are whole.
export function writer(values) {
  const whole = values.flat().every((x) => x === null || Number.isInteger(x));
  return (x) => (whole ? number(x).replace(/\.00$/, "") : number(x));
}

const MOST = 4; // rows and columns of a grid that are written out

// The rows of texts that stand for a vector or a matrix, as bplib/draw/wording.py cuts them; undefined for all else.
export function gridOf(x) {
  const shape = shapeOf(x);
  if (!Array.isArray(x) || shape.length > 2 || shape.includes(0)) return undefined;
  const rows = shape.length === 2 ? x : [x];
  const cut = (items, dots) => (items.length <= MOST ? items : [...items.slice(0, MOST - 1), dots]);
  const texts = rows.map((row) => cut(row.map(writer(rows)), "…"));
  return cut(texts, new Array(Math.min(shape.at(-1), MOST)).fill("…"));
}

export const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// ------------------------------------------------------------------------------------------------------ elements

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const html = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// What stands there already is left alone, and the browser has nothing to draw.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

// What scrolls sideways, and holds nothing that the Tab key stops at, is such a stop itself.
export function reachable(frame) {
  if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  else frame.removeAttribute("tabindex");
}

export const paragraph = (...children) => html("p", {}, ...children);
export const strong = (text) => html("b", {}, text);

// Text in the colour of its role.
export const [value, gradient, local] = ["value", "gradient", "local"].map(
  (role) => (text) => html("span", { class: role }, text),
);

// -------------------------------------------------------------------------------------------------- the controls

export const button = (attributes = {}, ...children) =>
  html("button", { type: "button", ...attributes }, ...children);

// For what is not a button by birth, such as a box of a picture: a click, Enter and the space bar.
export function whenPressed(on, element, action) {
  on(element, "click", action);
  on(element, "keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action(event);
  });
}

// A box of a picture that cannot be pressed.
export function onlySeen(element) {
  element.removeAttribute("tabindex");
  element.setAttribute("role", "img");
}

const ICONS = {
  reset: "M3.5 3v10M13 3 6 8l7 5z",
  back: "M11.5 3 4.5 8l7 5z",
  play: "M5 2.5 13 8l-8 5.5z",
  pause: "M5 3v10M11 3v10",
  forward: "M4.5 3l7 5-7 5z",
  all: "M3 3l7 5-7 5zM12.5 3v10",
};

const HAS_A_WORD = ["play", "pause"]; // one step and all steps look much alike

export function setIcon(button, name, label) {
  const drawing = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
  button.replaceChildren(drawing, HAS_A_WORD.includes(name) ? name : "");
  button.setAttribute("aria-label", label);
  button.title = label;
}

// A slider with its name and its number: {row, range, show(x)}, or show(x, text) for what the slider stands for.
export function sliderRow({ name, low, high, step }) {
  const range = html("input", { type: "range", min: low, max: high, step, "aria-label": name });
  const output = html("output", { class: "value" });
  const show = (x, text = number(x)) => {
    range.value = x;
    setAttributes(range, { "aria-valuetext": text });
    setText(output, text);
  };
  return { name, range, show, row: html("label", {}, strong(name), range, output) };
}

// What cannot be shown is said in the place of `body`: {element, say(text)}; no text brings the body back.
export function messageFor(body) {
  const element = html("p", { class: "message", role: "status" });
  const say = (text) => {
    element.textContent = text;
    element.hidden = !text;
    body.hidden = Boolean(text);
  };
  return { element, say };
}
