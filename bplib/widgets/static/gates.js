// The table of derivatives: the entrywise gates of bplib/gates, rule for rule.
// With it the page answers a slider at once, and goes on without Python. A test keeps the two equal.
//
//   forward   what the gate computes
//   local     the derivative of out with respect to each input
//
// The last argument holds the plain numbers of a gate that has some, such as the exponent of a power. Arrays go through
// these rules entry by entry; what does not is in arrays.js.

import { ARRAY_GATES, each, like } from "./arrays.js";
import { shapeOf } from "./elements.js";

function sigmoid(x) {
  const e = Math.exp(-Math.abs(x)); // never overflows
  return (x >= 0 ? 1 : e) / (1 + e);
}

function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x]; // x + 2x³/3 + 4x⁵/15 + …, whose terms all have the sign of x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// Φ(x) and φ(x): the share of a normal distribution that lies below x, and its slope.
function normalBelow(x, approximate) {
  if (!approximate) {
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    return [0.5 * (1 + erf(x / Math.SQRT2)), density];
  }
  const root = Math.sqrt(2 / Math.PI);
  const t = Math.tanh(root * (x + 0.044715 * x ** 3));
  return [0.5 * (1 + t), 0.5 * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x)];
}

export const GATES = {
  Add: { forward: (x, y) => x + y, local: () => [1, 1] },
  Subtract: { forward: (x, y) => x - y, local: () => [1, -1] },
  Multiply: { forward: (x, y) => x * y, local: (out, x, y) => [y, x] },
  Divide: { forward: (x, y) => x / y, local: (out, x, y) => [1 / y, -out / y] },
  Negate: { forward: (x) => -x, local: () => [-1] },
  Reciprocal: { forward: (x) => 1 / x, local: (out) => [-out * out] },
  Square: { forward: (x) => x * x, local: (out, x) => [2 * x] },
  Sqrt: { forward: (x) => Math.sqrt(x), local: (out) => [0.5 / out] },
  Abs: { forward: (x) => Math.abs(x), local: (out, x) => [Math.sign(x)] },
  Power: {
    forward: (x, { exponent }) => x ** exponent,
    local: (out, x, { exponent }) => [exponent ? exponent * x ** (exponent - 1) : 0 * x],
  },

  Exp: { forward: (x) => Math.exp(x), local: (out) => [out] },
  Log: { forward: (x) => Math.log(x), local: (out, x) => [1 / x] },
  Sin: { forward: (x) => Math.sin(x), local: (out, x) => [Math.cos(x)] },
  Cos: { forward: (x) => Math.cos(x), local: (out, x) => [-Math.sin(x)] },
  Tan: { forward: (x) => Math.tan(x), local: (out) => [1 + out * out] },
  Arctan: { forward: (x) => Math.atan(x), local: (out, x) => [1 / (1 + x * x)] },
  Sinh: { forward: (x) => Math.sinh(x), local: (out, x) => [Math.cosh(x)] },
  Cosh: { forward: (x) => Math.cosh(x), local: (out, x) => [Math.sinh(x)] },
  Expm1: { forward: (x) => Math.expm1(x), local: (out, x) => [Math.exp(x)] },
  Log1p: { forward: (x) => Math.log1p(x), local: (out, x) => [1 / (1 + x)] },
  Erf: { forward: erf, local: (out, x) => [(2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)] },
  Sigmoid: { forward: sigmoid, local: (out) => [out * (1 - out)] },
  Tanh: { forward: (x) => Math.tanh(x), local: (out) => [1 - out * out] },
  Softplus: {
    forward: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    local: (out, x) => [sigmoid(x)],
  },
  Relu: { forward: (x) => Math.max(x, 0), local: (out, x) => [x > 0 ? 1 : 0] },
  LeakyRelu: {
    forward: (x, { slope }) => (x > 0 ? x : slope * x),
    local: (out, x, { slope }) => [x > 0 ? 1 : slope],
  },
  Elu: {
    forward: (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
    local: (out, x, { alpha }) => [x > 0 ? 1 : alpha * Math.exp(x)],
  },

  Gelu: {
    forward: (x, { approximate }) => x * normalBelow(x, approximate)[0],
    local: (out, x, { approximate }) => {
      const [below, density] = normalBelow(x, approximate);
      return [below + x * density];
    },
  },

  // The router: all of the upstream goes to the larger input; at a tie, to x.
  Max: { forward: (x, y) => Math.max(x, y), local: (out, x, y) => (x >= y ? [1, 0] : [0, 1]) },

  Min: { forward: (x, y) => Math.min(x, y), local: (out, x, y) => (x <= y ? [1, 0] : [0, 1]) },
  Clip: {
    forward: (x, { low, high }) => Math.min(Math.max(x, low ?? -Infinity), high ?? Infinity),
    local: (out, x, { low, high }) => [x > (low ?? -Infinity) && x < (high ?? Infinity) ? 1 : 0],
  },

  // A copy gate of a graph in full detail: what comes back along its branches is added by `run`.
  Fork: { forward: (x) => x, local: () => [1] },
};

// One forward and one backward pass, step by step in the order of the trace. Returns the nodes, filled in.
export function run(trace, inputs) {
  const given = (node) => (node.kind === "input" ? (inputs[node.name] ?? node.value) : node.value);
  const nodes = trace.nodes.map((node) => ({ ...node, value: given(node), gradient: null }));
  nodes[trace.output].gradient = 1;

  for (const { kind, node } of trace.steps) {
    const gate = nodes[node];
    const xs = gate.inputs.map((i) => nodes[i].value);
    if (kind === "forward") gate.value = valueOfGate(gate, xs);
    else {
      Object.assign(gate, sentBack(gate, xs));
      gate.inputs.forEach((i, k) => (nodes[i].gradient = sumOfBoth(nodes[i].gradient, gate.downstream[k]))); // a fork adds
    }
  }
  return nodes;
}

function valueOfGate({ gate, parameters }, xs) {
  if (gate in ARRAY_GATES) return ARRAY_GATES[gate].forward(...xs, parameters);
  return each((...entries) => GATES[gate].forward(...entries, parameters), ...xs);
}

// {local, downstream}: entry by entry upstream × local, and what was repeated is added up.
function sentBack({ gate, parameters, value, gradient }, xs) {
  if (gate in ARRAY_GATES) {
    return { local: null, downstream: ARRAY_GATES[gate].backward(gradient, value, ...xs, parameters) };
  }
  const slope = (k) => each((...entries) => GATES[gate].local(...entries, parameters)[k], value, ...xs);
  const local = xs.map((_, k) => slope(k));
  const sent = (k) => like(each((upstream, slope) => upstream * slope, gradient, local[k]), shapeOf(xs[k]));
  return { local, downstream: xs.map((_, k) => sent(k)) };
}

const sumOfBoth = (a, b) => (a === null || b === null ? (a ?? b) : each((x, y) => x + y, a, b));
