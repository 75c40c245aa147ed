// The table of derivatives, for single numbers: the entrywise gates of bplib/gates, rule for rule.
// With it the page answers a slider at once, and goes on without Python. A test keeps the two equal.
//
//   forward   what the gate computes
//   local     the derivative of out with respect to each input
//
// The last argument holds the plain numbers of a gate that has some, such as the exponent of a power.

function sigmoid(x) {
  const e = Math.exp(-Math.abs(x)); // never overflows
  return (x >= 0 ? 1 : e) / (1 + e);
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

  // The router: all of the upstream goes to the larger input; at a tie, to x.
  Max: { forward: (x, y) => Math.max(x, y), local: (out, x, y) => (x >= y ? [1, 0] : [0, 1]) },

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
    const rule = GATES[gate.gate];
    const xs = gate.inputs.map((i) => nodes[i].value);
    if (kind === "forward") {
      gate.value = rule.forward(...xs, gate.parameters);
    } else {
      gate.local = rule.local(gate.value, ...xs, gate.parameters);
      gate.downstream = gate.local.map((local) => gate.gradient * local); // upstream × local
      gate.inputs.forEach((i, k) => {
        nodes[i].gradient = (nodes[i].gradient ?? 0) + gate.downstream[k]; // a fork adds
      });
    }
  }
  return nodes;
}
