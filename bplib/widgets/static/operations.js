// What a gate of arrays sends back, as an operation with its operands: dW = xᵀ · dY.

import { isNamed, title } from "./moments.js";

// For each input, from the names of the inputs, the gradient of out and the name of out.
const OPERATIONS = {
  Matmul: ([A, B], dY) => [`${dY} · ${B}ᵀ`, `${A}ᵀ · ${dY}`],
  Affine: ([x, W], dY) => [`${dY} · ${W}ᵀ`, `${x}ᵀ · ${dY}`, `Σ rows of ${dY}`],
  Sum: (_, dY) => [`${dY}, repeated for each entry of the sum`],
  Mean: (_, dY) => [`${dY} / n, repeated for each of the n entries`],
  SquaredNorm: ([x], dY) => [`${dY} · 2 ${x}`],
  Repeat: (_, dY) => [`Σ over the repeats of ${dY}`],
  Transpose: (_, dY) => [`${dY}ᵀ`],
  Reshape: ([x], dY) => [`${dY} in the shape of ${x}`],
  Softmax: (_, dY, y) => [`${y} ⊙ (${dY} − Σ ${dY} ⊙ ${y})`],
  LogSoftmax: (_, dY, y) => [`${dY} − exp(${y}) Σ ${dY}`],
  CrossEntropy: ([y, t], dY) => [`${dY} · (−${t} / ${y}) / N`],
  SoftmaxWithLoss: ([z, t], dY) => [`${dY} · (softmax(${z}) − ${t}) / N`],
  QuadraticCost: ([a, y], dY) => [`${dY} · (${a} − ${y}) / N`],
};

// What goes to the operand in this slot, or nothing where a gate has no operation of its own here.
export function operation(gate, slot, now) {
  const node = now.nodes[gate];
  const names = node.inputs.map((i) => title(i, now));
  const [dOut, out] = isNamed(node) ? [`d${title(gate, now)}`, title(gate, now)] : ["upstream", "out"];
  return OPERATIONS[node.gate]?.(names, dOut, out)[slot];
}
