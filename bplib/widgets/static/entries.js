// One entry of what a step of the four equations has found, with its numbers put in.

import { superscript } from "./equations.js";
import { exact, gradient, local, strong, value } from "./elements.js";

// Four digits, so that a product of them can be followed.
export const brief = (x) => exact(Number(x.toPrecision(4)));
const [briefValue, briefGradient, briefLocal] = [value, gradient, local].map((write) => (x) => write(brief(x)));

const subscript = (n) => String(n).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
const summed = (terms) => terms.flatMap((term, k) => (k ? [" + ", ...term] : term));

// One entry of what a step has found, row i and column j, with its numbers put in.
export function spelled({ rule, layer }, [i, j], { layers, samples }) {
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
