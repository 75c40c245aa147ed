// The JacobianExplorer: a Jacobian as a heat map, v at its left, Jᵀv below, and how much memory J would take.
//
// `data` comes from bplib/widgets/jacobian.py; `v` lives in the model. Rows are outputs, columns are inputs.

import {
  button,
  gradient,
  html,
  local,
  messageFor,
  number,
  paragraph,
  sliderRow,
  strong,
  value,
  writer,
} from "./elements.js";
import { isLarge, products, table } from "./table.js";
import { view } from "./view.js";

const FLOAT32 = 4; // bytes
const LAPTOP = 16 * 1024 ** 3;
const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
const ROLES = [gradient, local];

const column = (J, j) => J.map((row) => row[j]);

// Σ a · b; what rounding leaves of terms that cancel is 0.
function dot(a, b) {
  const terms = a.map((x, i) => x * b[i]);
  const add = (xs) => xs.reduce((sum, x) => sum + x, 0);
  return Math.abs(add(terms)) <= 4 * Number.EPSILON * add(terms.map(Math.abs)) ? 0 : add(terms);
}

// Jᵀv: entry j is the sum over all outputs i of v[i] J[i, j].
export const pulledBack = (J, v) => J[0].map((_, j) => dot(v, column(J, j)));

// -------------------------------------------------------------------------------------------------------- memory

// What an entrywise layer takes: J, and the three arrays that a backward pass handles in its place.
export function memory(batch, entries) {
  const size = batch * entries;
  return { size, J: size * size * FLOAT32, arrays: 3 * size * FLOAT32 };
}

// As bplib.jacobian_size writes it: four digits that count.
export function readable(bytes) {
  const power = UNITS.findIndex((_, k) => bytes < 1024 ** (k + 1) || k === UNITS.length - 1);
  return `${Number((bytes / 1024 ** power).toPrecision(4))} ${UNITS[power]}`;
}

const grouped = (n) => n.toLocaleString("en").replaceAll(",", "\u202f");
const share = (bytes) => Math.log2(bytes) / 44; // of a bar that ends at 16 TiB

function inWords({ J, arrays }) {
  if (J > LAPTOP) {
    const whole = Math.ceil(J / LAPTOP) - 1;
    return `More than the memory of ${grouped(whole)} laptop${whole > 1 ? "s" : ""} with 16 GiB: nobody forms this J.`;
  }
  if (J <= arrays) return "Here J would be no burden.";
  return `J takes ${grouped(Math.round(J / arrays))} times what the three arrays take.`;
}

// What if the layer were large? Two sliders, two bars, one sentence.
function meter({ on }, [batch, entries], [most, widest]) {
  const limits = { samples: [1, most], "entries each": [0, Math.log2(widest)] };
  const sliders = Object.entries(limits).map(([name, [low, high]]) => sliderRow({ name, low, high, step: 1 }));
  const bars = ["J", "three arrays"].map((name) => {
    const bar = html("i", {});
    const text = html("span", {});
    return { bar, text, row: html("p", { class: "bytes" }, strong(name), html("span", { class: "track" }, bar), text) };
  });
  const verdict = paragraph();
  const paint = (samples, power) => {
    sliders[0].show(samples, grouped(samples));
    sliders[1].show(power, grouped(2 ** power));
    const needed = memory(samples, 2 ** power);
    bars[0].text.textContent = `${grouped(needed.size)}² numbers, ${readable(needed.J)}`;
    bars[1].text.textContent = `3 × ${grouped(needed.size)} numbers, ${readable(needed.arrays)}`;
    bars[0].bar.style.width = `${100 * share(needed.J)}%`;
    bars[1].bar.style.width = `${100 * share(needed.arrays)}%`;
    verdict.textContent = inWords(needed);
  };
  const positions = () => sliders.map(({ range }) => range.valueAsNumber);
  for (const { range } of sliders) on(range, "input", () => paint(...positions()));
  paint(batch, Math.log2(entries));
  const title = paragraph(strong("And a large layer?"), " relu of a whole batch, in float32; its backward handles ");
  title.append("upstream, local and downstream, never J.");
  const controls = html("div", { class: "sliders" }, ...sliders.map(({ row }) => row));
  const words = html("div", { "aria-live": "polite" }, verdict);
  return html("section", { "aria-label": "Memory" }, title, controls, ...bars.map(({ row }) => row), words);
}

// -------------------------------------------------------------------------------------------------- the explanation

const named = (name, { index }, k) => (index[k] === "" ? name : `${name}[${index[k]}]`);

function explanation([i, j], { J, x, y }, v) {
  if (j < 0) return aboutOutput(named("y", y, i), i, v);
  const entry = i < 0 ? [] : [aboutEntry(i, j, { J, x, y }, v)];
  return [...entry, ...aboutInput(J, v, named("x", x, j), j)];
}

function aboutOutput(name, i, v) {
  const picked = v.every((upstream, k) => upstream === (k === i ? 1 : 0));
  return [
    paragraph(strong(`The row of ${name}`), `: how ${name} moves with each input, its own gradient.`),
    picked
      ? paragraph(`v picks ${name}, so Jᵀv is this row: one backward sweep brings one row of J.`)
      : paragraph("Here v = ", gradient(number(v[i])), `: how much the loss moves with ${name}.`),
  ];
}

function aboutInput(J, v, name, j) {
  const pairs = v.map((upstream, i) => [upstream, J[i][j]]);
  const sum = [...products(pairs, ROLES), " = ", gradient(writer(pairs)(dot(v, column(J, j))))];
  return [
    paragraph(strong(`The column of ${name}`), `: all the ways in which ${name} reaches the loss, added up.`),
    paragraph(`∂loss/∂${name} = `, ...sum),
  ];
}

function aboutEntry(i, j, { J, x, y }, v) {
  const [to, from] = [named("y", y, i), named("x", x, j)];
  const entry = [strong(`∂${to}/∂${from}`), " = ", local(number(J[i][j])), ", and it sends "];
  const sent = [gradient(number(v[i])), " · ", local(number(J[i][j])), " = ", gradient(number(v[i] * J[i][j]))];
  return paragraph(...entry, ...sent, ` back to ${from}.`);
}

// ---------------------------------------------------------------------------------------------------------- one view

function build(life) {
  const { model, root, on, watch } = life;
  const { J, x, y, start, structure, meaning, large, largest, message: refused } = model.get("data");
  const body = html("div", {});
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(refused);
  if (refused) return;

  const dense = isLarge(y.value.length, x.value.length); // then there is no room for headers and fields
  let chosen = dense ? [0, 0] : [-1, 0];

  const header = (name, entries) => (x, k) => {
    return dense ? "" : html("span", {}, named(name, entries, k), " ", value(writer([entries.value])(x)));
  };
  const fields = y.value.map((_, i) => {
    const label = `v for ${named("y", y, i)}`;
    return html("input", { type: "number", step: "any", "aria-label": label, class: "gradient" });
  });
  fields.forEach((field, i) => on(field, "input", () => setV(i, field.valueAsNumber)));

  const heat = table(life, {
    name: "J = ∂y/∂x",
    role: "local",
    rows: y.value.map(header("y", y)),
    columns: x.value.map(header("x", x)),
    lead: dense ? undefined : { name: gradient("v"), cells: fields },
    foot: { name: "Jᵀv", role: "gradient" },
    headers: !dense,
    choose: (...place) => {
      chosen = place;
      paint();
    },
  });

  // ---- what the reader does

  function send(v) {
    model.set("v", v);
    model.save_changes();
  }

  const setV = (i, x) => Number.isFinite(x) && send(model.get("v").map((old, k) => (k === i ? x : old)));

  const pick = button();
  const reset = button({}, "reset v");
  const output = () => Math.max(chosen[0], 0);
  on(pick, "click", () => send(start.map((_, i) => (i === output() ? 1 : 0))));
  on(reset, "click", () => send(start));

  // ---- what the reader sees

  const words = html("div", { class: "words", "aria-live": "polite" });
  const hint = paragraph(gradient("v"), " is the upstream, ∂loss/∂y; ", gradient("Jᵀv"), " goes back, ∂loss/∂x. ");
  hint.append(dense ? "Choose an entry of J." : "Change v, and choose an input, an output or an entry of J.");
  const shape = paragraph(strong(structure), ` ${meaning}`);
  const toolbar = html("div", { class: "toolbar" }, pick, reset);
  body.append(hint, heat.element, toolbar, words, shape, meter(life, large, largest));

  function paint() {
    const v = model.get("v");
    const [i, j] = chosen;
    fields.forEach((field, k) => {
      if (field.valueAsNumber !== v[k]) field.value = v[k];
    });
    heat.paint(J, { chosen, lit: (row, col) => row === i || col === j, foot: pulledBack(J, v) });
    pick.textContent = `v picks ${named("y", y, output())}`;
    words.replaceChildren(...explanation(chosen, { J, x, y }, v));
  }

  paint();
  watch("change:v", paint);
}

export default { render: view("jacobian", build) };
