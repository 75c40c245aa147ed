// A table of numbers: a native table with a header for each row and column, tinted by size. Its cells can be chosen
// with the mouse or, from the one cell that the Tab key reaches, with the arrow keys.

import { html, writer } from "./elements.js";

const MOST_ACROSS = 14; // a larger table has small cells, with signs in place of numbers
const MOST_TERMS = 8;
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export const indices = (n) => Array.from({ length: n }, (_, i) => i);
export const isLarge = (rows, columns) => Math.max(rows, columns) > MOST_ACROSS;

// Number by number, NaN too.
const isEqual = (a, b) => b.every((row, i) => row.every((x, j) => Object.is(x, a[i]?.[j])));

const signOf = (x) => (x > 0 ? "+" : x < 0 ? "−" : "");

// 4 · 0 + (−1) · 2, each factor in the colour of its role; of a long sum the first terms that are not 0.
export function products(pairs, [left, right]) {
  const text = writer(pairs);
  const inBrackets = (x) => (x < 0 ? `(${text(x)})` : text(x));
  const telling = pairs.length > MOST_TERMS ? pairs.filter(([a, b]) => a * b !== 0) : pairs;
  const terms = telling
    .slice(0, MOST_TERMS)
    .flatMap(([a, b], k) => [k ? " + " : "", left(k ? inBrackets(a) : text(a)), " · ", right(inBrackets(b))]);
  if (telling.length > MOST_TERMS) terms.push(` + … (${telling.length} terms)`);
  return terms.length ? terms : ["0"];
}

// name, role       the caption, and what the numbers are: "value", "gradient" or "local"
// rows, columns    the headers, texts or elements; an empty one is not shown
// textOf(values)   how the numbers are written: a function of one number
// lead, foot       optional: {name, cells}, elements between the row headers and the numbers; {name, role}, a last
//                  row of numbers with a role of its own
// choose(i, j)     called for the cell that a reader chooses; without it the table is only read
// headers          whether headers can be chosen too: i is −1 in the header of column j, j is −1 in that of row i
// Returns {element, paint(values, {chosen: [i, j], lit(i, j), foot})}; `lit` says what belongs to the chosen cell.
export function table({ on }, options) {
  const { name, role = "value", rows, columns, textOf = writer, lead, foot, choose, headers = false } = options;
  const dense = isLarge(rows.length, columns.length);
  const { grid, tops, sides, cells, sums } = bare({ name, role, rows, columns, lead, foot });
  const element = html("div", { class: `numbers${dense ? " dense" : ""}${choose ? " choosable" : ""}` }, grid);
  const first = headers ? -1 : 0;
  if (choose) grid.setAttribute("role", "grid");

  const places = new Map(); // of each cell that can be chosen: [i, j]
  if (choose) {
    cells.forEach((row, i) => row.forEach((cell, j) => places.set(cell, [i, j])));
    if (headers) {
      tops.forEach((cell, j) => places.set(cell, [-1, j]));
      sides.forEach((cell, i) => places.set(cell, [i, -1]));
    }
    on(grid, "click", ({ target }) => go(places.get(target.closest("td, th"))));
    on(grid, "keydown", (event) => {
      const place = places.get(event.target);
      const [down, right] = MOVES[event.key] ?? [0, 0];
      if (!place || !(event.key in MOVES || event.key === "Enter" || event.key === " ")) return;
      event.preventDefault();
      go([place[0] + down, place[1] + right]);
    });
  }

  const at = ([i, j]) => (i < 0 ? tops[j] : j < 0 ? sides[i] : cells[i]?.[j]);

  function go(place) {
    const cell = place && Math.min(...place) >= first && Math.max(...place) >= 0 && at(place);
    if (!cell) return;
    choose(...place);
    cell.focus();
  }

  let written = [];

  function paint(values, { chosen, lit = () => false, foot: total } = {}) {
    if (!isEqual(written, values)) write(cells, values);
    written = values.map((row) => [...row]);
    if (total) write([sums], [total]);
    cells.forEach((row, i) => row.forEach((cell, j) => cell.classList.toggle("lit", lit(i, j))));
    for (const [cell, place] of places) {
      const isHere = String(place) === String(chosen);
      cell.setAttribute("aria-selected", isHere);
      cell.setAttribute("tabindex", isHere || (!chosen && cell === cells[0][0]) ? 0 : -1);
    }
  }

  function write(cells, values) {
    const all = values.flat();
    const largest = Math.max(...all.map(Math.abs).filter(Number.isFinite));
    const text = textOf(values);
    cells.flat().forEach((cell, k) => {
      const x = all[k];
      if (dense) {
        cell.dataset.sign = signOf(x);
        cell.setAttribute("aria-label", text(x));
      } else cell.textContent = text(x);
      cell.style.setProperty("--size", Number.isFinite(x) ? Math.abs(x) / largest || 0 : 0);
      cell.classList.toggle("zero", x === 0);
    });
  }

  return { element, paint };
}

// The elements of a table, with its headers and without numbers.
function bare({ name, role, rows, columns, lead, foot }) {
  const header = (scope) => (content) => html("th", content === "" ? { scope, hidden: "" } : { scope }, content);
  const [tops, sides] = [columns.map(header("col")), rows.map(header("row"))];
  const cells = rows.map(() => columns.map(() => html("td", { class: role })));
  const sums = foot ? columns.map(() => html("td", { class: foot.role })) : [];
  const corner = sides.every(({ hidden }) => hidden) ? [] : [html("td")];
  if (lead) corner.push(html("th", { scope: "col" }, lead.name));
  const leading = (i) => (lead ? [html("td", { class: "lead" }, lead.cells[i])] : []);
  const grid = html(
    "table",
    {},
    html("caption", { class: role }, name),
    html("thead", {}, html("tr", {}, ...corner, ...tops)),
    html("tbody", {}, ...cells.map((row, i) => html("tr", {}, sides[i], ...leading(i), ...row))),
  );
  if (foot) {
    const label = html("th", { scope: "row", colspan: corner.length, class: foot.role }, foot.name);
    grid.append(html("tfoot", {}, html("tr", {}, ...(corner.length ? [label] : []), ...sums)));
  }
  return { grid, tops, sides, cells, sums };
}
