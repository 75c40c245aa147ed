// The four equations and the forward pass: as the book prints them, and as our code runs them.
//
// An equation is a list of parts, written here once; what it finds is known after its step.

import { button, html } from "./elements.js";
import { indices } from "./table.js";

// What a quantity is (its colour), and how the book and the code write it in layer l.
export const QUANTITIES = {
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
export const of = (what, by = 0) => ({ what, by, isTurned: false });
const turned = (what, by = 0) => ({ what, by, isTurned: true });

export const RULES = {
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
    book: [of("db"), " = ", of("delta")],
    code: [of("db"), " = ", of("delta"), ".sum(axis=0)"],
    says: "A bias is added to z as it is, so its gradient is the error itself; of several samples the errors are added.",
    finds: ["db"],
  },
  BP4: {
    book: [of("dW"), " = ", of("delta"), " ", turned("a", -1)],
    code: [of("dW"), " = ", turned("a", -1), " @ ", of("delta")],
    says: "A weight multiplies the a it comes from: its gradient is that a times the error where it goes.",
    finds: ["dW"],
  },
};

export const FORMS = {
  book: "the book: samples in columns, w (n_out, n_in)",
  code: "our code: samples in rows, W (n_in, n_out)",
};
const GENERAL = { book: { "-1": "ˡ⁻¹", 0: "ˡ", 1: "ˡ⁺¹" }, code: { "-1": "l - 1", 0: "l", 1: "l + 1" } };
const LAST = { book: "ᴸ", code: "L" };

export const superscript = (n) => "⁰¹²³⁴"[n];

// δ¹ or (w²)ᵀ, delta[1] or W[2].T; without a layer δˡ, (wˡ⁺¹)ᵀ
export function symbol({ what, by, isTurned }, form, { rule, layer }) {
  const concrete = form === "book" ? superscript(layer + by) : layer + by;
  const general = rule === "BP1" ? LAST[form] : GENERAL[form][by];
  const text = QUANTITIES[what][form](layer === undefined ? general : concrete);
  if (!isTurned) return text;
  return form === "book" ? `(${text})ᵀ` : `${text}.T`;
}

export const keyOf = ({ what, by }, layer) => `${what}${layer + by}`;

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

export function ruleRow(rule, now) {
  const [book, code] = ["book", "code"].map((form) => equation(rule, form, now));
  const cells = [html("td", {}, ...book), html("td", {}, html("code", {}, ...code))];
  const current = now.rule === rule ? { "aria-current": "step" } : {};
  return html("tr", current, html("th", { scope: "row" }, rule), ...cells);
}

// The keys of all that is known after so many steps.
export function knownAfter(step, { sizes, steps }) {
  const given = indices(sizes.length).flatMap((l) => [`W${l}`, `b${l}`]);
  const found = steps.slice(0, step).flatMap(({ rule, layer }) => RULES[rule].finds.map((what) => `${what}${layer}`));
  return new Set(["a0", ...given, ...found]);
}
