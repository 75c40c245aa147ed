// MLPWalker: a small network, layer by layer forward, and then back by the four equations.
//
// `data` comes from bplib/widgets/walker.py, its matrices with samples in rows. An equation is a list of parts,
// written here once: as the book prints it, as our code runs it, and in numbers, with a table for each quantity.

import {
  button,
  exact,
  gradient,
  html,
  KEEPS_ITS_KEYS,
  local,
  messageFor,
  number,
  paragraph,
  strong,
  svg,
  value,
} from "./elements.js";
import { player } from "./player.js";
import { indices, table } from "./table.js";
import { view } from "./view.js";

// --------------------------------------------------------------------------------------------------- the equations

// What a quantity is (its colour), and how the book and the code write it in layer l.
const QUANTITIES = {
  z: { role: "value", book: (l) => `z${l}`, code: (l) => `z[${l}]` },
  a: { role: "value", book: (l) => `a${l}`, code: (l) => `a[${l}]` },
  b: { role: "value", book: (l) => `b${l}`, code: (l) => `b[${l}]` },
  W: { role: "value", book: (l) => `w${l}`, code: (l) => `W[${l}]` },
  slope: { role: "local", book: (l) => `σ′(z${l})`, code: (l) => `slope(z[${l}])` },
  cost: { role: "gradient", book: (l) => `∂C/∂a${l}`, code: (l) => `dC_da[${l}]` },
  delta: { role: "gradient", book: (l) => `δ${l}`, code: (l) => `delta[${l}]` },
  db: { role: "gradient", book: (l) => `∂C/∂b${l}`, code: (l) => `db[${l}]` },
  dW: { role: "gradient", book: (l) => `∂C/∂w${l}`, code: (l) => `dW[${l}]` },
};

// A part of an equation that is not text: a quantity of layer l + by, as it is or turned (transposed).
const of = (what, by = 0) => ({ what, by, isTurned: false });
const turned = (what, by = 0) => ({ what, by, isTurned: true });

const RULES = {
  forward: {
    book: [of("z"), " = ", of("W"), " ", of("a", -1), " + ", of("b"), ", ", of("a"), " = σ(", of("z"), ")"],
    code: [of("z"), " = ", of("a", -1), " @ ", of("W"), " + ", of("b"), "; ", of("a"), " = sigma(", of("z"), ")"],
    says: "Every neuron weighs what comes in, adds its bias, and answers with a = σ(z).",
    finds: ["z", "a"],
  },
  BP1: {
    book: [of("delta"), " = ", of("cost"), " ⊙ ", of("slope")],
    code: [of("delta"), " = ", of("cost"), " * ", of("slope")],
    says: "The error of the last layer: how the cost moves with a, times how a moves with z.",
    finds: ["delta"],
  },
  BP2: {
    book: [of("delta"), " = (", turned("W", 1), " ", of("delta", 1), ") ⊙ ", of("slope")],
    code: [of("delta"), " = (", of("delta", 1), " @ ", turned("W", 1), ") * ", of("slope")],
    says: "The error comes back through the same weights, transposed, and then through the slope at z.",
    finds: ["delta"],
  },
  BP3: {
    book: [of("db"), " = Σₓ ", of("delta")],
    code: [of("db"), " = ", of("delta"), ".sum(axis=0)"],
    says: "A bias is added to z as it is, so its gradient is the error itself, summed over the samples x.",
    finds: ["db"],
  },
  BP4: {
    book: [of("dW"), " = ", of("delta"), " ", turned("a", -1)],
    code: [of("dW"), " = ", turned("a", -1), " @ ", of("delta")],
    says: "A weight multiplies the a it comes from: its gradient is that a times the error where it goes.",
    finds: ["dW"],
  },
};

const FORMS = {
  code: "our code: samples in rows, W (n_in, n_out)",
  book: "the book: samples in columns, w (n_out, n_in)",
};
const GENERAL = { book: { "-1": "ˡ⁻¹", 0: "ˡ", 1: "ˡ⁺¹" }, code: { "-1": "l - 1", 0: "l", 1: "l + 1" } };
const LAST = { book: "ᴸ", code: "L" };

const superscript = (n) => "⁰¹²³⁴"[n];
const subscript = (n) => String(n).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));

// δ¹ or (w²)ᵀ, delta[1] or W[2].T; without a layer δˡ, (wˡ⁺¹)ᵀ
function symbol({ what, by, isTurned }, form, { rule, layer }) {
  const concrete = form === "book" ? superscript(layer + by) : layer + by;
  const general = rule === "BP1" ? LAST[form] : GENERAL[form][by];
  const text = QUANTITIES[what][form](layer === undefined ? general : concrete);
  if (!isTurned) return text;
  return form === "book" ? `(${text})ᵀ` : `${text}.T`;
}

const keyOf = ({ what, by }, layer) => `${what}${layer + by}`;

// An equation in letters: the one that has just run with its layer, and with every symbol to point at.
function equation(rule, form, now) {
  const isNow = now.rule === rule;
  const layer = isNow ? now.layer : undefined;
  return RULES[rule][form].map((part) => {
    if (typeof part === "string") return part;
    const text = symbol(part, form, { rule, layer });
    if (!isNow) return text;
    const attributes = { class: `token ${QUANTITIES[part.what].role}`, "data-key": keyOf(part, layer) };
    return form === "book" ? button(attributes, text) : html("span", attributes, text);
  });
}

function ruleRow(rule, now) {
  const [book, code] = ["book", "code"].map((form) => equation(rule, form, now));
  const cells = [html("td", {}, ...book), html("td", {}, html("code", {}, ...code))];
  const current = now.rule === rule ? { "aria-current": "step" } : {};
  return html("tr", current, html("th", { scope: "row" }, rule), ...cells);
}

// ----------------------------------------------------------------------------------------------------- the numbers

const transposed = (matrix) => matrix[0].map((_, j) => matrix.map((row) => row[j]));

// The keys of all that is known after so many steps.
function knownAfter(step, { sizes, steps }) {
  const given = indices(sizes.length).flatMap((l) => [`W${l}`, `b${l}`]);
  const found = steps.slice(0, step).flatMap(({ rule, layer }) => RULES[rule].finds.map((what) => `${what}${layer}`));
  return new Set(["a0", ...given, ...found]);
}

// What heads the rows and the columns of a quantity, samples in rows; 1→ is "from neuron 1", →2 "to neuron 2".
function headers(what, layer, { sizes, samples }) {
  const count = (n, write) => indices(n).map((i) => write(i + 1));
  const rows = samples > 1 ? count(samples, (n) => `sample ${n}`) : [""];
  if (what === "W" || what === "dW")
    return [count(sizes[layer - 1], (k) => `${k}→`), count(sizes[layer], (j) => `→${j}`)];
  return [what === "b" || what === "db" ? [""] : rows, count(sizes[layer], String)];
}

// Four digits, so that a product of them can be followed.
const brief = (x) => exact(Number(x.toPrecision(4)));
const [briefValue, briefGradient, briefLocal] = [value, gradient, local].map((write) => (x) => write(brief(x)));

const summed = (terms) => terms.flatMap((term, k) => (k ? [" + ", ...term] : term));

// One entry of what a step has found, row i and column j, with its numbers put in.
function spelled({ rule, layer }, [i, j], { layers, samples }) {
  const at = (what, by, row, column) => layers[layer + by][what][row][column];
  const over = (matrix, write) => summed(matrix.map((_, k) => write(k)));
  const neuron = superscript(layer) + subscript(j + 1);
  const is = samples > 1 ? ` of sample ${i + 1} = ` : " = ";
  const { W, b, z, a, cost, slope, delta, db, dW } = layers[layer];
  switch (rule) {
    case "forward": {
      const terms = over(W, (k) => [briefValue(at("a", -1, i, k)), " × ", briefValue(W[k][j])]);
      const sum = [strong(`z${neuron}`), is, ...terms, " + ", briefValue(b[0][j]), " = ", briefValue(z[i][j])];
      return [...sum, ", ", strong(`a${neuron}`), " = ", briefValue(a[i][j])];
    }
    case "BP1": {
      const product = [briefGradient(cost[i][j]), " × ", briefLocal(slope[i][j])];
      return [strong(`δ${neuron}`), is, ...product, " = ", briefGradient(delta[i][j])];
    }
    case "BP2": {
      const next = layers[layer + 1];
      const terms = over(next.delta[i], (k) => [briefGradient(next.delta[i][k]), " × ", briefValue(next.W[j][k])]);
      const product = ["(", ...terms, ") × ", briefLocal(slope[i][j])];
      return [strong(`δ${neuron}`), is, ...product, " = ", briefGradient(delta[i][j])];
    }
    case "BP3": {
      const terms = over(delta, (n) => [briefGradient(delta[n][j])]);
      const sum = samples > 1 ? [" = ", briefGradient(db[0][j])] : [];
      return [strong(`∂C/∂b${neuron}`), " = ", ...terms, ...sum];
    }
    default: {
      const terms = over(delta, (n) => [briefValue(at("a", -1, n, i)), " × ", briefGradient(delta[n][j])]);
      return [strong(`∂C/∂w${neuron}${subscript(i + 1)}`), " = ", ...terms, " = ", briefGradient(dW[i][j])];
    }
  }
}

// ----------------------------------------------------------------------------------------------------- the network

const UNIT = { w: 60, h: 38 };
const ACROSS = 160; // from layer to layer
const MOST_LABELS = 6; // weights between two layers that have room for their numbers

// {element, paint(known, event, sample)}: a unit shows its a, below it its δ.
function network({ sizes, layers, cost }) {
  const most = Math.max(...sizes);
  const down = Math.max(46, Math.min(72, 260 / most));
  const [width, height] = [sizes.length * ACROSS + 2 * UNIT.w, most * down + 24];
  const place = (l, i) => [UNIT.w / 2 + 8 + l * ACROSS, 22 + (most * down) / 2 + (i - (sizes[l] - 1) / 2) * down];
  const [endX, endY] = [place(sizes.length, 0)[0], 22 + (most * down) / 2];

  const between = indices(sizes.length - 1).map((l) => weights(layers[l + 1].W, l, place));
  const columns = sizes.map((n, l) => indices(n).map((i) => unit(...place(l, i))));
  const groups = columns.map((units, l) => {
    const keys = ["a", "z", "b", "slope", "cost", "delta", "db"].map((what) => `${what}${l}`).join(" ");
    const title = svg("text", { x: place(l, 0)[0], y: 16, class: "muted" }, l ? `layer ${l}` : "x = a⁰");
    return svg("g", { class: "layer", "data-key": keys }, title, ...units.map(({ element }) => element));
  });
  const ends = indices(sizes.at(-1)).map((i) => link(place(sizes.length - 1, i), [endX, endY]));
  const end = svg("text", { x: endX, y: endY + 5, class: "value" });
  const box = svg("rect", { x: endX - 42, y: endY - 18, width: 84, height: 36, rx: 6 });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `Network of ${sizes.join(" → ")} units and a cost`,
      style: `max-width: ${width}px; min-width: ${0.85 * width}px`,
    },
    ...ends,
    ...between,
    ...groups,
    svg("g", { class: "cost" }, box, end),
  );

  function paint(known, event, sample) {
    const write = (what, l, i) => (known.has(`${what}${l}`) ? number(layers[l][what][sample][i]) : "");
    columns.forEach((units, l) => {
      units.forEach((unit, i) => unit.paint(write("a", l, i) || "?", write("delta", l, i)));
    });
    end.textContent = `C = ${known.has(`a${sizes.length - 1}`) ? brief(cost) : "?"}`;
    const runs = (isRunning) => (isRunning ? event.kind : "");
    groups.forEach((group, l) => {
      group.setAttribute("class", `layer ${runs(l === event.layer && event.rule !== "BP4")}`);
    });
    between.forEach((group, l) => {
      const used = { forward: event.layer, BP2: event.layer + 1, BP4: event.layer }[event.rule];
      group.setAttribute("class", `weights ${runs(used === l + 1)}`);
    });
  }
  return { element, paint };
}

function unit(x, y) {
  const above = svg("text", { x, y: y - 3, class: "value" });
  const below = svg("text", { x, y: y + 13, class: "gradient" });
  const outline = svg("rect", { x: x - UNIT.w / 2, y: y - UNIT.h / 2, width: UNIT.w, height: UNIT.h, rx: UNIT.h / 2 });

  function paint(a, delta) {
    above.textContent = a;
    above.setAttribute("y", delta ? y - 3 : y + 5);
    below.textContent = delta;
  }
  return { element: svg("g", {}, outline, above, below), paint };
}

const link = ([x0, y0], [x1, y1]) =>
  svg("path", { class: "link", d: `M${x0 + UNIT.w / 2} ${y0}L${x1 - UNIT.w / 2} ${y1}` });

// The heavier a weight the thicker its line; below 0 it is dashed.
function weights(W, l, place) {
  const largest = Math.max(...W.flat().map(Math.abs)) || 1;
  const all = W.flatMap((row, k) => row.map((w, j) => ({ w, from: place(l, k), to: place(l + 1, j) })));
  const lines = all.map(({ w, from, to }) => {
    const line = link(from, to);
    line.style.strokeWidth = 0.5 + (2.5 * Math.abs(w)) / largest;
    line.classList.toggle("negative", w < 0);
    return line;
  });
  const labels = all.map(({ w, from, to }) => {
    const [x, y] = [0, 1].map((axis) => from[axis] + 0.4 * (to[axis] - from[axis]));
    return svg("text", { x, y: y + 4, class: "value" }, brief(w));
  });
  const parts = all.length > MOST_LABELS ? lines : [...lines, ...labels];
  return svg("g", { "data-key": `W${l + 1} dW${l + 1}` }, ...parts);
}

// ------------------------------------------------------------------------------------------------------ one view

const WHAT_TO_DO =
  "Step through the network: forward to the cost C, then back by BP1 to BP4. Point at a symbol to see where it stands.";
const KEY = " in each unit; a dashed weight is negative. In a table of weights 1→ is from unit 1, →2 to unit 2.";
const HISTORY = ["z", "a", "delta", "db", "dW"];

function build(life) {
  const { model, root, on, watch } = life;
  const { message: problem, ...data } = model.get("data");
  const body = html("div");
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(problem);
  if (problem) return;

  let [form, sample, chosen] = ["code", 0, [0, 0]];
  const event = () => data.steps[model.get("step") - 1] ?? {};
  const steps = player(life, { last: () => data.steps.length });
  steps.mark(data.steps.map(({ kind }) => kind));
  const drawing = network(data);
  const picture = html("div", { class: "picture" }, drawing.element);
  const key = html("p", { class: "key" }, value("a"), " above ", gradient("δ"), KEY);

  const equations = html("tbody");
  const heads = ["as the book prints it", "as our code runs it, all of it transposed"];
  const head = html("tr", {}, html("td"), ...heads.map((text) => html("th", { scope: "col" }, text)));
  const rules = html("table", { class: "rules" }, html("thead", {}, head), equations);

  // ---- the tables

  function tableOf(part, layer, choose) {
    const { what, by, isTurned } = part;
    const l = layer + by;
    const isAcross = (form === "book") !== isTurned;
    const [rows, columns] = isAcross ? headers(what, l, data).reverse() : headers(what, l, data);
    const name = symbol(part, form, { layer });
    const pick = choose && ((i, j) => choose(isAcross ? [j, i] : [i, j]));
    const { element, paint } = table(life, { name, role: QUANTITIES[what].role, rows, columns, choose: pick });
    element.dataset.key = keyOf(part, layer);
    const matrix = isAcross ? transposed(data.layers[l][what]) : data.layers[l][what];
    const mark = () => paint(matrix, { chosen: isAcross ? [...chosen].reverse() : chosen });
    mark();
    return { element, mark };
  }

  let result; // what the step has found: the table that entries are chosen from

  // An equation with a table in the place of each quantity, once for each.
  function inNumbers({ rule, layer }) {
    const seen = new Set();
    return RULES[rule][form].map((part) => {
      if (typeof part === "string") return html("span", { class: "sign" }, part.trim());
      const key = keyOf(part, layer);
      if (seen.has(key)) return html("span", { class: "sign" }, symbol(part, form, { layer }));
      seen.add(key);
      if (seen.size > 1) return tableOf(part, layer).element;
      result = tableOf(part, layer, choose);
      return result.element;
    });
  }

  const numbers = html("div", { class: "tables equation" });
  const words = html("div", { class: "words" });
  const history = html("div", { class: "history" });
  let soFar = [];

  function drawHistory() {
    soFar = indices(data.sizes.length - 1).map((l) => {
      const tables = HISTORY.map((what) => ({ key: `${what}${l + 1}`, ...tableOf(of(what), l + 1) }));
      const inRow = html("div", { class: "tables" }, ...tables.map(({ element }) => element));
      return { tables, element: html("div", {}, paragraph(`Layer ${l + 1}`), inRow) };
    });
    history.replaceChildren(...soFar.map(({ element }) => element));
  }

  // ---- what the reader does

  function choose(place) {
    chosen = place;
    result.mark();
    tell(event());
  }

  const radios = Object.entries(FORMS).map(([name, text]) => {
    const radio = html("input", { type: "radio", name: "form", value: name, ...KEEPS_ITS_KEYS });
    radio.checked = name === form;
    on(radio, "change", () => {
      form = name;
      drawHistory();
      paint();
    });
    return html("label", {}, radio, text);
  });
  const samples = indices(data.samples).map((n) => html("option", { value: n }, `sample ${n + 1}`));
  const which = html("select", KEEPS_ITS_KEYS, ...samples);
  const picturing = html("label", { class: "picturing" }, "The picture shows", which);
  picturing.hidden = data.samples === 1;
  on(which, "change", () => {
    sample = Number(which.value);
    paint();
  });

  // Whatever shows the same quantity lights up together: in the picture, the equations and the tables.
  function light(target) {
    const keys = target?.closest?.("[data-key]")?.dataset.key.split(" ") ?? [];
    for (const element of root.querySelectorAll("[data-key]")) {
      element.classList.toggle("lit", element.dataset.key.split(" ").some((key) => keys.includes(key)));
    }
  }
  on(root, "pointerover", ({ target }) => light(target));
  on(root, "pointerleave", () => light(document.activeElement));
  on(root, "focusin", ({ target }) => light(target));
  on(root, "focusout", () => light());

  // ---- what the reader sees

  function tell(now) {
    const { says, finds } = RULES[now.rule];
    const { activation } = data.layers[now.layer];
    const isSloped = ["a", "delta"].some((what) => finds.includes(what));
    const sigma = activation ? ` Here σ is ${activation}.` : " Without an activation here, a is z and the slope is 1.";
    const isLast = now.rule === "forward" && now.layer === data.sizes.length - 1;
    const cost = isLast ? ` The cost is C = ${brief(data.cost)}.` : "";
    words.replaceChildren(
      paragraph(says, isSloped ? sigma : "", cost),
      paragraph(...spelled(now, chosen, data)),
    );
  }

  function paint() {
    const [step, now] = [model.get("step"), event()];
    const known = knownAfter(step, data);
    drawing.paint(known, now, sample);
    equations.replaceChildren(...Object.keys(RULES).map((rule) => ruleRow(rule, now)));
    numbers.replaceChildren(...(now.rule ? inNumbers(now) : []));
    if (now.rule) tell(now);
    else words.replaceChildren(paragraph("Nothing has run yet. The next step is layer 1: its z, and a = σ(z)."));
    for (const { tables, element } of soFar) {
      for (const { key, element } of tables) element.hidden = !known.has(key);
      element.hidden = tables.every(({ element }) => element.hidden);
    }
    steps.paint(now.rule ? `${now.rule}, layer ${now.layer}` : "the start");
  }

  const forms = html("form", { class: "forms", role: "radiogroup", "aria-label": "Tables" }, ...radios);
  on(forms, "submit", (event) => event.preventDefault());
  body.append(paragraph(WHAT_TO_DO), steps.element, picturing, picture, key, rules, words, numbers, forms, history);
  drawHistory();
  paint();
  watch("change:step", () => {
    chosen = [0, 0];
    words.setAttribute("aria-live", steps.isPlaying() ? "off" : "polite");
    paint();
  });
}

export default { render: view("walker", build) };
