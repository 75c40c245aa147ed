// The table of derivatives, for whole arrays: the gates of bplib/gates that do not work entry by entry, rule for rule,
// for numbers, vectors and matrices as nested lists. A test keeps the two equal.
//
//   forward    what the gate computes
//   backward   from the upstream, what goes back to each input; null where no gradient goes
//
// The last argument holds the options of the gate, such as the axis of a sum.

import { shapeOf } from "./elements.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);
const flat = (x) => [x].flat(Infinity);
const add = (a, b) => a + b;

// Entries, row after row, in this shape.
function shaped(entries, [n, ...rest]) {
  if (n === undefined) return entries[0];
  const step = sizeOf(rest);
  return range(n).map((i) => shaped(entries.slice(i * step, (i + 1) * step), rest));
}

// For each entry of an array of shape `out`, its place in one of this shape that is broadcast to it.
function places(shape, out) {
  const added = out.length - shape.length;
  return out.reduce(
    (found, n, k) => {
      const stride = k < added || shape[k - added] === 1 ? 0 : sizeOf(shape.slice(k - added + 1));
      return found.flatMap((place) => range(n).map((i) => place + i * stride));
    },
    [0],
  );
}

// f entry by entry; arrays of unlike shape are broadcast, as numpy does.
export function each(f, ...xs) {
  if (xs.every((x) => typeof x === "number")) return f(...xs);
  const shapes = xs.map(shapeOf);
  const rank = Math.max(...shapes.map(({ length }) => length));
  const out = range(rank).map((k) => Math.max(...shapes.map((shape) => shape.at(k - rank) ?? 1)));
  const [lists, at] = [xs.map(flat), shapes.map((shape) => places(shape, out))];
  const entries = range(sizeOf(out)).map((e) => f(...lists.map((list, k) => list[at[k][e]])));
  return shaped(entries, out);
}

// What was broadcast to x, gathered again in its own shape: by adding, or by f from `start`.
export function like(x, shape, f = add, start = 0) {
  if (String(shapeOf(x)) === String(shape)) return x;
  const gathered = new Array(sizeOf(shape)).fill(start);
  const at = places(shape, shapeOf(x));
  flat(x).forEach((entry, e) => (gathered[at[e]] = f(gathered[at[e]], entry)));
  return shaped(gathered, shape);
}

// ---------------------------------------------------------------------------------------------- sums along an axis

// Whether each axis of x is one that the gate sums along.
function isSummed(x, { axis = null }) {
  const axes = shapeOf(x).map((_, k) => k);
  const chosen = [axis ?? axes].flat().map((k) => (k < 0 ? k + axes.length : k));
  return axes.map((k) => chosen.includes(k));
}

// The shape of x with length 1 along these axes: out's, ready to be broadcast.
function facing(x, options) {
  const along = isSummed(x, options);
  return shapeOf(x).map((n, k) => (along[k] ? 1 : n));
}

const total = (x, options) => like(x, facing(x, options));
const spread = (y, x, options) => each(add, shaped(flat(y), facing(x, options)), each(() => 0, x));
const count = (x, options) => sizeOf(shapeOf(x)) / sizeOf(facing(x, options));

function summed(x, options) {
  const along = isSummed(x, options);
  const shape = facing(x, options).filter((_, k) => options.keepdims || !along[k]);
  return shaped(flat(total(x, options)), shape);
}

// -------------------------------------------------------------------------------------------------- matrix products

const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));
const product = (A, B) => A.map((row) => B[0].map((_, j) => row.reduce((sum, a, k) => sum + a * B[k][j], 0)));

// A vector is one row at the left of @, and one column at its right.
const asRows = (A) => (shapeOf(A).length === 1 ? [A] : A);
const asColumns = (B) => (shapeOf(B).length === 1 ? B.map((x) => [x]) : B);

function matmul(A, B) {
  const out = [...shapeOf(A).slice(0, -1), ...shapeOf(B).slice(1)];
  return shaped(flat(product(asRows(A), asColumns(B))), out);
}

function matmulBack(upstream, A, B) {
  const [rows, columns] = [asRows(A), asColumns(B)];
  const dOut = shaped(flat(upstream), [rows.length, columns[0].length]);
  const dA = product(dOut, transposed(columns));
  const dB = product(transposed(rows), dOut);
  return [shaped(flat(dA), shapeOf(A)), shaped(flat(dB), shapeOf(B))];
}

// -------------------------------------------------------------------------------------------------- softmax, losses

function logSoftmax(z, { axis = -1 } = {}) {
  const along = facing(z, { axis });
  const low = each((x, most) => x - most, z, like(z, along, Math.max, -Infinity));
  const sum = total(each(Math.exp, low), { axis });
  return each((x, s) => x - Math.log(s), low, sum);
}

const softmax = (z, options) => each(Math.exp, logSoftmax(z, options));
const rowsOf = (z) => sizeOf(shapeOf(z).slice(0, -1));
const batchOf = (x) => (shapeOf(x).length > 1 ? x.length : 1);

// The labels t as a distribution over the classes: class 1 of 3 is (0, 1, 0).
function distribution(t, z) {
  if (String(shapeOf(t)) === String(shapeOf(z))) return t;
  const oneHot = (c) => range(shapeOf(z).at(-1)).map((k) => Number(k === c));
  return typeof t === "number" ? oneHot(t) : t.map(oneHot);
}

// A loss states its gradient for the first input; no gradient goes to the targets.
const loss = (forward, slope) => ({
  forward,
  backward: (upstream, out, x, t, options) => [each((g) => upstream * g, slope(x, t, options)), null],
});

const sumOf = (x) => flat(x).reduce(add, 0);
const crossEntropy = (label, logY) => (label > 0 ? -label * logY : 0);

// How far each wrong class comes within the margin of the right one, 0 where it does not; the right one has 0.
function hinges(s, t, { margin = 1 }) {
  const label = distribution(t, s);
  const own = total(each((a, b) => a * b, s, label), { axis: -1 });
  return each((score, right, isRight) => (isRight ? 0 : Math.max(0, score - right + margin)), s, own, label);
}

function hingeSlope(s, t, options) {
  const within = each((x) => Number(x > 0), hinges(s, t, options));
  const pushed = total(within, { axis: -1 });
  return each((w, label, n) => (w - label * n) / rowsOf(s), within, distribution(t, s), pushed);
}

// ------------------------------------------------------------------------------------------------------- the table

export const ARRAY_GATES = {
  Matmul: { forward: matmul, backward: (upstream, out, A, B) => matmulBack(upstream, A, B) },
  Affine: {
    forward: (x, W, b) => each(add, matmul(x, W), b),
    backward: (upstream, out, x, W, b) => [...matmulBack(upstream, x, W), like(upstream, shapeOf(b))],
  },
  Sum: { forward: summed, backward: (upstream, out, x, options) => [spread(upstream, x, options)] },
  Mean: {
    forward: (x, options) => each((sum) => sum / count(x, options), summed(x, options)),
    backward: (upstream, out, x, options) => [each((u) => u / count(x, options), spread(upstream, x, options))],
  },
  SquaredNorm: {
    forward: (x, options) => summed(each((entry) => entry * entry, x), options),
    backward: (upstream, out, x, options) => [each((u, entry) => 2 * u * entry, spread(upstream, x, options), x)],
  },
  Transpose: { forward: turned, backward: (upstream, out, x, options) => [turned(upstream, options)] },
  Reshape: {
    forward: (x, { shape }) => shaped(flat(x), resolved(shape, flat(x).length)),
    backward: (upstream, out, x) => [shaped(flat(upstream), shapeOf(x))],
  },
  Repeat: {
    forward: (x, { shape }) => each(add, x, shaped(new Array(sizeOf(shape)).fill(0), shape)),
    backward: (upstream, out, x) => [like(upstream, shapeOf(x))],
  },
  Softmax: {
    forward: softmax,
    backward: (upstream, y, z, options) => {
      const sums = total(each((u, p) => u * p, upstream, y), options);
      return [each((u, p, sum) => p * (u - sum), upstream, y, sums)];
    },
  },
  LogSoftmax: {
    forward: logSoftmax,
    backward: (upstream, out, z, options) => {
      return [each((u, logP, sum) => u - Math.exp(logP) * sum, upstream, out, total(upstream, options))];
    },
  },
  CrossEntropy: loss(
    (y, t) => sumOf(each((p, label) => crossEntropy(label, Math.log(p)), y, distribution(t, y))) / rowsOf(y),
    (y, t) => each((p, label) => (label > 0 ? -label / p : 0) / rowsOf(y), y, distribution(t, y)),
  ),
  SoftmaxWithLoss: loss(
    (z, t) => sumOf(each(crossEntropy, distribution(t, z), logSoftmax(z))) / rowsOf(z),
    (z, t) => each((p, label) => (p - label) / rowsOf(z), softmax(z), distribution(t, z)),
  ),
  QuadraticCost: loss(
    (a, y) => sumOf(each((p, q) => 0.5 * (p - q) ** 2, a, y)) / batchOf(a),
    (a, y) => each((p, q) => (p - q) / batchOf(a), a, y),
  ),
  Hinge: loss((s, t, options) => sumOf(hinges(s, t, options)) / rowsOf(s), hingeSlope),
};

function turned(x, { axes = null }) {
  return shapeOf(x).length < 2 || String(axes) === "0,1" ? x : transposed(x);
}

// One −1 stands for what is left.
const resolved = (shape, size) => shape.map((n) => (n < 0 ? size / -sizeOf(shape) : n));
