// Values forth and gradients back through a deep network at its start: bplib/widgets/deep.py, function for function.
//
// With it the page answers a slider at once, and needs no kernel. A test keeps the two equal.

import { GATES } from "./gates.js";

// A number between 0 and 1 for each place of one fixed sequence: mulberry32.
function uniformAt(place) {
  const a = Math.imul(place + 1, 0x6d2b79f5);
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
}

// Standard normal numbers, by Box and Muller.
export function normals(start, count) {
  return Float64Array.from({ length: count }, (_, i) => {
    const place = 2 * (start + i);
    return Math.sqrt(-2 * Math.log(uniformAt(place))) * Math.cos(2 * Math.PI * uniformAt(place + 1));
  });
}

// A (n × m) times B (m × p), each entry after entry, row by row.
function times(A, B, n, m, p) {
  const C = new Float64Array(n * p);
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < m; k += 1) {
      const a = A[i * m + k];
      for (let j = 0; j < p; j += 1) C[i * p + j] += a * B[k * p + j];
    }
  }
  return C;
}

const flipped = (A, n, m) => Float64Array.from({ length: n * m }, (_, i) => A[(i % n) * m + Math.floor(i / n)]);

export function spreadOf(numbers) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
}

const shareOf = (numbers, is) => numbers.reduce((count, x) => count + is(x), 0) / numbers.length;

// What never changes while one plays: the samples, the gradient at the end, and weights of size 1 for all layers.
export function drawnFor({ width, batch, depths }) {
  const [size, entries] = [batch * width, width * width];
  const layers = Array.from({ length: depths[1] }, (_, k) => normals(2 * size + k * entries, entries));
  return { x: normals(0, size), upstream: normals(size, size).map((x) => x / batch), layers };
}

// {layers: [{spread, gradient, shut}], values}: for each layer the sizes, and its values.
export function signals({ width, batch, shut, activations }, drawn, { activation, scale, depth }) {
  const { rule, parameters } = activations[activation];
  const { forward, local } = GATES[rule];
  const W = drawn.layers.slice(0, depth).map((w) => w.map((x) => (x * scale) / Math.sqrt(width)));
  const [values, slopes] = [[drawn.x], []];
  for (const w of W) {
    const z = times(values.at(-1), w, batch, width, width);
    const out = z.map((x) => forward(x, parameters));
    values.push(out);
    slopes.push(z.map((x, i) => local(out[i], x, parameters)[0]));
  }
  const layers = [];
  let upstream = drawn.upstream;
  for (let k = depth - 1; k >= 0; k -= 1) {
    const delta = upstream.map((u, i) => u * slopes[k][i]);
    upstream = times(delta, flipped(W[k], width, width), batch, width, width);
    const dW = times(flipped(values[k], batch, width), delta, width, batch, width);
    layers.unshift({
      spread: spreadOf(values[k + 1]),
      gradient: Math.sqrt(dW.reduce((sum, g) => sum + g * g, 0)),
      shut: shareOf(slopes[k], (slope) => Math.abs(slope) < shut),
    });
  }
  return { layers, values: values.slice(1) };
}
