// A quantity of a pass as a table: samples in rows, as our code has it, or all of it turned, as the book has it.

import { brief } from "./entries.js";
import { keyOf, QUANTITIES, symbol } from "./equations.js";
import { indices, table } from "./table.js";

const transposed = (matrix) => matrix[0].map((_, j) => matrix.map((row) => row[j]));

// What heads the rows and the columns of a quantity, samples in rows; 1→ is "from neuron 1", →2 "to neuron 2".
function headers(what, layer, { sizes, samples }) {
  const count = (n, write) => indices(n).map((i) => write(i + 1));
  const rows = samples > 1 ? count(samples, (n) => `sample ${n}`) : [""];
  if (what === "W" || what === "dW")
    return [count(sizes[layer - 1], (k) => `${k}→`), count(sizes[layer], (j) => `→${j}`)];
  return [what === "b" || what === "db" ? [""] : rows, count(sizes[layer], String)];
}

// {element, mark(chosen)} of one part of an equation in layer l; places are [row, column] with samples in rows.
//   choose(place)   if given, what a reader's choice of an entry calls
export function quantityTable(life, data, part, layer, form, choose) {
  const { what, by, isTurned } = part;
  const l = layer + by;
  const isAcross = (form === "book") !== isTurned;
  const asShown = (place) => (isAcross ? [...place].reverse() : place);
  const [rows, columns] = asShown(headers(what, l, data));
  const name = symbol(part, form, { layer });
  const pick = choose && ((i, j) => choose(asShown([i, j])));
  const { role } = QUANTITIES[what];
  const { element, paint } = table(life, { name, role, rows, columns, choose: pick, textOf: () => brief });
  element.dataset.key = keyOf(part, layer);
  const matrix = isAcross ? transposed(data.layers[l][what]) : data.layers[l][what];
  return { element, mark: (chosen) => paint(matrix, { chosen: asShown(chosen) }) };
}
