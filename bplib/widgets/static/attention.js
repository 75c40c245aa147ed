// AttentionRows: who looks at whom, query by query; and on the way back, what comes through each row of weights.
//
// `data` comes from bplib/widgets/attention.py; the numbers are computed here, in `attended`, as Python does.

import { choiceOf } from "./choice.js";
import { gradient, html, messageFor, number, paragraph, reachable, sliderRow, strong, value } from "./elements.js";
import { indices, table } from "./table.js";
import { view } from "./view.js";

const sumOf = (xs) => xs.reduce((a, b) => a + b, 0);
const dotted = (a, b) => sumOf(a.map((x, k) => x * b[k]));
const flipped = (M) => M[0].map((_, j) => M.map((row) => row[j]));
const times = (M, N) => M.map((row) => flipped(N).map((column) => dotted(row, column)));
const scaled = (factor, M) => M.map((row) => row.map((x) => factor * x));

function shares(scores) {
  const most = Math.max(...scores);
  const e = scores.map((x) => Math.exp(x - most));
  return e.map((x) => x / sumOf(e));
}

// All matrices of both ways.
export function attended({ Q, K, V, dO }, { causal, sharpness }) {
  const factor = sharpness / Math.sqrt(Q[0].length);
  const sees = (i, j) => !causal || j <= i;
  const S = scaled(factor, times(Q, flipped(K))).map((row, i) => row.map((x, j) => (sees(i, j) ? x : -Infinity)));
  const A = S.map(shares);
  const dA = times(dO, flipped(V));
  const dS = A.map((row, i) => row.map((a, j) => a * (dA[i][j] - dotted(row, dA[i]))));
  const [dQ, dK] = [scaled(factor, times(dS, K)), scaled(factor, times(flipped(dS), Q))];
  return { S, A, V, O: times(A, V), dO, dV: times(flipped(A), dO), dA, dS, dQ, dK };
}

// ------------------------------------------------------------------------------------------------------- the words

const LEAST = 0.005; // a weight below is not spelled out
const MOST_SHARES = 4;
const ROUNDING = 1e-9;
const WEIGHTS = "Softmax makes weights of them, which add up to 1.";
const TOGETHER = ": if all its scores move together, no weight moves.";

// 0.85 · V[0] + 0.12 · V[2], the largest first
function sharesOf(weights, names, of) {
  const order = indices(weights.length).sort((i, j) => weights[j] - weights[i]);
  const told = order.filter((j) => weights[j] >= LEAST);
  const terms = told.slice(0, MOST_SHARES).map((j) => `${number(weights[j])} · ${of}[${names[j]}]`);
  return terms.join(" + ") + (told.length > MOST_SHARES ? " + …" : "");
}

function toldForth({ A }, { queries, keys }, { query, causal }) {
  const name = queries[query];
  const hidden = causal ? keys.length - Math.min(query + 1, keys.length) : 0;
  const unseen = hidden ? ` What comes later has the score −∞, and the weight 0: ${hidden} of ${keys.length}.` : "";
  return [
    paragraph(strong(name), " asks: each of its scores compares it with a key. ", WEIGHTS, unseen),
    paragraph(strong(`O[${name}]`), " = ", value(sharesOf(A[query], keys, "V"))),
  ];
}

function toldBack({ A, dA, dS }, { queries, keys }, { query }) {
  const name = queries[query];
  const mean = () => gradient(number(dotted(A[query], dA[query])));
  const most = A[query].indexOf(Math.max(...A[query]));
  const column = A.map((row) => row[most]);
  const shared = gradient(sharesOf(column, queries, "dO"));
  const balance = sumOf(dS[query]);
  return [
    paragraph(strong(`dV[${keys[most]}]`), " = ", shared, ": a share from every query that looked there."),
    paragraph(strong(`dS[${name}]`), " = A ∘ (dA − ", mean(), "), where ", mean(), " is dA, weighted with A."),
    paragraph("So the row adds up to ", gradient(number(Math.abs(balance) < ROUNDING ? 0 : balance)), TOGETHER),
  ];
}

// -------------------------------------------------------------------------------------------------------- one view

// name: caption, role, whose names its rows and its columns bear
const TABLES = {
  S: ["S, the scores", "value", "queries", "keys"],
  A: ["A, the weights", "value", "queries", "keys"],
  V: ["V, the values", "value", "keys"],
  O: ["O = A V", "value", "queries"],
  dO: ["dO, the upstream", "gradient", "queries"],
  dV: ["dV = Aᵀ dO", "gradient", "keys"],
  dA: ["dA = dO Vᵀ", "gradient", "queries", "keys"],
  dS: ["dS", "gradient", "queries", "keys"],
  dQ: ["dQ", "gradient", "queries"],
  dK: ["dK", "gradient", "keys"],
};
const WAYS = { forth: ["S", "A", "V", "O"], back: ["dO", "dV", "dA", "dS", "dQ", "dK"] };

function build(life) {
  const { model, root, on, watch, whenResized } = life;
  const data = model.get("data");
  const body = html("div", {});
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(data.message);
  if (data.message) return;

  const now = () => Object.fromEntries(["causal", "sharpness", "query", "back"].map((name) => [name, model.get(name)]));

  function set(news) {
    for (const [name, x] of Object.entries(news)) model.set(name, x);
    model.save_changes();
  }

  // Whoever asks has a button, chosen as soon as the mouse is over it; a key is the deeper the more it is seen.
  const numbered = (names) => Object.fromEntries(names.map((name, k) => [`${k}`, name]));
  const asks = choiceOf(on, "query", numbered(data.queries), (k) => set({ query: Number(k) }));
  const askers = [...asks.element.children];
  on(asks.element, "mouseover", ({ target }) => {
    const k = askers.indexOf(target.closest("button"));
    if (k >= 0 && k !== model.get("query")) set({ query: k });
  });
  const seen = data.keys.map((name) => html("span", {}, name));
  const side = (name, element) => html("div", {}, html("span", { class: "unit" }, name), element);
  const asked = side("who is seen", html("div", { class: "seen", "aria-hidden": "true" }, ...seen));
  const strip = html("div", { class: "strip" }, side("who asks", asks.element), asked);

  const causal = html("input", { type: "checkbox" });
  on(causal, "change", () => set({ causal: causal.checked }));
  const sharpness = sliderRow({ name: "sharpness", low: 0, high: data.sharpest, step: 0.1 });
  on(sharpness.range, "input", () => set({ sharpness: sharpness.range.valueAsNumber }));
  const way = choiceOf(on, "way", { forth: "forth", back: "back" }, (name) => set({ back: name === "back" }));
  const controls = html("div", { class: "controls" }, way.element, html("label", {}, causal, "causal"), sharpness.row);

  const rowOf = (names) => (names === "queries" ? (i) => set({ query: i }) : undefined);
  const tableOf = (name) => {
    const [caption, role, rows, columns] = TABLES[name];
    const across = attended(data, now())[name][0].length;
    const options = { rows: data[rows], columns: columns ? data[columns] : indices(across), choose: rowOf(rows) };
    return table(life, { name: caption, role, ...options });
  };
  const tables = Object.fromEntries(Object.keys(TABLES).map((name) => [name, tableOf(name)]));
  const onlyRead = Object.keys(tables).filter((name) => TABLES[name][2] === "keys");
  for (const { element } of onlyRead.map((name) => tables[name])) whenResized(element, () => reachable(element));
  const frames = Object.fromEntries(
    Object.entries(WAYS).map(([name, shown]) => [
      name,
      html("div", { class: "tables" }, ...shown.map((each) => tables[each].element)),
    ]),
  );
  const words = html("div", { class: "words", "aria-live": "polite" });
  body.append(strip, controls, ...Object.values(frames), words);

  function paint() {
    const state = now();
    const numbers = attended(data, state);
    const weights = numbers.A[state.query];
    for (const [name, { paint: write }] of Object.entries(tables)) {
      const byQuery = TABLES[name][2] === "queries";
      const lit = (i) => (byQuery ? i === state.query : weights[i] >= LEAST);
      write(numbers[name], { lit, chosen: byQuery ? [state.query, 0] : undefined });
    }
    seen.forEach((key, j) => key.style.setProperty("--size", weights[j]));
    asks.show(String(state.query));
    way.show(state.back ? "back" : "forth");
    frames.forth.hidden = state.back;
    frames.back.hidden = !state.back;
    causal.checked = state.causal;
    sharpness.show(state.sharpness);
    words.replaceChildren(...(state.back ? toldBack : toldForth)(numbers, data, state));
  }

  paint();
  for (const name of ["causal", "sharpness", "query", "back"]) watch(`change:${name}`, paint);
}

export default { render: view("attention", build) };
