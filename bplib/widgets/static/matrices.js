// MatrixBackprop: which entries of Y = X W + b one entry reaches, and what comes back to it.
//
// `data` comes from bplib/widgets/matrices.py with every number in it; `chosen` and `rows` live in the model.

import { gradient, html, local, messageFor, paragraph, shapeOf, sliderRow, strong, value, writer } from "./elements.js";
import { indices, products, table } from "./table.js";
import { view } from "./view.js";

const ROLES = [gradient, local];

const inRow = (i) => (row) => row === i;
const inColumn = (j) => (_, column) => column === j;

// What belongs to the chosen entry, in each table: its own slice of Y and of dY, and the factors it is multiplied by.
const RELATED = {
  X: (i, j) => ({ Y: inRow(i), dY: inRow(i), W: inRow(j) }),
  W: (j, k) => ({ Y: inColumn(k), dY: inColumn(k), X: inColumn(j) }),
  b: (_, k) => ({ Y: inColumn(k), dY: inColumn(k), b: inColumn(k) }),
};

// Where the entry does its work, and what stands there in its slice.
const REACHES = {
  X: (i, j) => [`row ${i} of Y`, `row ${j} of W`],
  W: (j, k) => [`column ${k} of Y`, `column ${j} of X`],
  b: (_, k) => [`column ${k} of Y`, "1 for each copy"],
};

const spelled = (name, place) => `${name}[${name === "b" ? place[1] : place.join(", ")}]`;

// ------------------------------------------------------------------------------------------------- the explanation

function explanation(name, place, { numbers, slice, lit }) {
  const [where, what] = REACHES[name](...place);
  const entry = spelled(name, place);
  const at = ([i, j], values) => writer(values)(values[i][j]);
  const pairs = numbers.dY.flatMap((row, i) => row.map((x, j) => [x, slice[i][j]]).filter((_, j) => lit.dY(i, j)));
  const sum = [...products(pairs, ROLES), " = ", gradient(at(place, numbers[`d${name}`]))];
  return [
    paragraph(strong(entry), " = ", value(at(place, numbers[name])), ` reaches ${where} and nothing else.`),
    paragraph("There its slice is ", local(what), "."),
    paragraph(strong(`d${entry}`), " = Σ dY · slice = ", ...sum),
  ];
}

// ---------------------------------------------------------------------------------------------------------- one view

function build(life) {
  const { model, root, on, watch } = life;
  const { title, given, batches, slices, message: refused } = model.get("data");
  const body = html("div", {});
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(refused);
  if (refused) return;

  const entries = Object.keys(slices);
  let tables; // by name: {element, paint}
  const listed = given.b ? "X, W or b" : "X or W";
  const hint = paragraph(strong(title), `. Choose an entry of ${listed}: what does it reach, and what comes back?`);
  const samples = sliderRow({ name: "samples", low: 1, high: batches.length, step: 1 });
  const ahead = html("div", { class: "tables" });
  const back = html("div", { class: "tables" });
  const words = html("div", { "aria-live": "polite" });
  const chosenSlice = html("div", {});
  const rules = html("div", { class: "rules" });
  const sliders = html("div", { class: "sliders" }, samples.row);
  const found = html("div", { class: "words" }, chosenSlice, words);
  body.append(hint, batches.length > 1 ? sliders : "", ahead, found, back, rules);

  // ---- what the reader does

  on(samples.range, "input", () => {
    model.set("rows", samples.range.valueAsNumber);
    model.save_changes();
  });

  function choose(name, i, j) {
    model.set("chosen", name === "b" ? [name, j] : [name, i, j]);
    model.save_changes();
  }

  // ---- what the reader sees

  // The chosen entry; of a sample that takes no part, that of the last one that does.
  function chosenNow() {
    const [name, ...place] = model.get("chosen");
    if (name === "b") return { name, place: [0, ...place] };
    return { name, place: name === "X" ? [Math.min(place[0], model.get("rows") - 1), place[1]] : place };
  }

  // All tables of the first n samples.
  function numbersNow() {
    const n = model.get("rows");
    const numbers = { ...given, ...batches[n - 1], X: given.X.slice(0, n), dY: given.dY.slice(0, n) };
    return given.b ? { ...numbers, b: indices(n).map(() => given.b[0]) } : numbers; // a copy for each sample
  }

  function tableOf(name, values, role, options = {}) {
    const [n, m] = shapeOf(values);
    const caption = { b: `b repeated (${n}, ${m})`, db: `db (${m},)` }[name] ?? `${name} (${n}, ${m})`;
    const rows = name === "db" ? [""] : indices(n);
    return table(life, { name: caption, role, rows, columns: indices(m), ...options });
  }

  function draw() {
    const numbers = numbersNow();
    const choosable = (role, prefix) => (name) => {
      const options = { choose: (i, j) => choose(name, i, j) };
      return [prefix + name, tableOf(prefix + name, numbers[prefix + name], role, options)];
    };
    const forward = [...entries.map(choosable("value", "")), ["Y", tableOf("Y", numbers.Y, "value")]];
    const backward = [["dY", tableOf("dY", numbers.dY, "gradient")], ...entries.map(choosable("gradient", "d"))];
    ahead.replaceChildren(...forward.map(([, { element }]) => element));
    back.replaceChildren(...backward.map(([, { element }]) => element));
    tables = Object.fromEntries([...forward, ...backward]);
    samples.show(numbers.dY.length, String(numbers.dY.length));
    rules.replaceChildren(...numbers.rules.map((rule) => paragraph(rule)));
    paint();
  }

  function paint() {
    const numbers = numbersNow();
    const { name, place } = chosenNow();
    const lit = RELATED[name](...place);
    for (const [other, { paint }] of Object.entries(tables)) {
      const chosen = [name, `d${name}`].includes(other) ? place : undefined;
      paint(numbers[other], { chosen, lit: lit[other] });
    }
    const [i, j] = place;
    const slice = slices[name][i][j].slice(0, numbers.dY.length);
    const shown = tableOf(`∂Y/∂${spelled(name, place)}`, slice, "local");
    shown.paint(slice, { lit: lit.dY });
    chosenSlice.replaceChildren(shown.element);
    words.replaceChildren(...explanation(name, place, { numbers, slice, lit }));
    entries.forEach((other, k) => rules.children[k].classList.toggle("now", other === name));
  }

  draw();
  watch("change:chosen", paint);
  watch("change:rows", draw);
}

export default { render: view("matrices", build) };
