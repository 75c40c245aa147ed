// The picture of a small network: units in columns, weights as lines, the cost at the end.

import { svg } from "./elements.js";
import { brief } from "./entries.js";
import { indices } from "./table.js";

const UNIT = { w: 72, h: 38 };
const ACROSS = 144; // from layer to layer
const MOST_LABELS = 6; // weights between two layers that have room for their numbers

// {element, paint(known, event, sample)}: a unit shows its a, below it its δ.
export function network({ sizes, layers, cost }) {
  const most = Math.max(...sizes);
  const down = Math.max(46, Math.min(72, 260 / most));
  const [width, height] = [sizes.length * ACROSS + UNIT.w / 2 + 60, most * down + 24];
  const place = (l, i) => [UNIT.w / 2 + 8 + l * ACROSS, 22 + (most * down) / 2 + (i - (sizes[l] - 1) / 2) * down];
  const [endX, endY] = [place(sizes.length, 0)[0], 22 + (most * down) / 2];

  const between = indices(sizes.length - 1).map((l) => weights(layers[l + 1].W, l, place));
  const columns = sizes.map((n, l) => indices(n).map((i) => unit(...place(l, i))));
  const groups = columns.map((units, l) => {
    const keys = ["a", "z", "b", "slope", "cost", "delta", "db"].map((what) => `${what}${l}`).join(" ");
    const title = svg("text", { x: place(l, 0)[0], y: 16, class: "muted" }, l ? `layer ${l}` : "x = a⁰");
    return svg("g", { class: "layer", "data-key": keys }, title, ...units.map(({ element }) => element));
  });
  const ends = indices(sizes.at(-1)).map((i) => link(place(sizes.length - 1, i), [endX, endY]));
  const end = svg("text", { x: endX, y: endY + 5, class: "value" });
  const box = svg("rect", { x: endX - 42, y: endY - 18, width: 84, height: 36, rx: 6 });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `Network of ${sizes.join(" → ")} units and a cost`,
      style: `max-width: ${width / 16}rem; min-width: ${(0.85 * width) / 16}rem`,
    },
    ...ends,
    ...between,
    ...groups,
    svg("g", { class: "cost" }, box, end),
  );

  function paint(known, event, sample) {
    const write = (what, l, i) => (known.has(`${what}${l}`) ? brief(layers[l][what][sample][i]) : "");
    columns.forEach((units, l) => {
      units.forEach((unit, i) => unit.paint(write("a", l, i) || "?", write("delta", l, i)));
    });
    end.textContent = `C = ${known.has(`a${sizes.length - 1}`) ? brief(cost) : "?"}`;
    const runs = (isRunning) => (isRunning ? event.kind : "");
    groups.forEach((group, l) => {
      group.setAttribute("class", `layer ${runs(l === event.layer && event.rule !== "BP4")}`);
    });
    between.forEach((group, l) => {
      const used = { forward: event.layer, BP2: event.layer + 1, BP4: event.layer }[event.rule];
      group.setAttribute("class", `weights ${runs(used === l + 1)}`);
    });
  }
  return { element, paint };
}

function unit(x, y) {
  const above = svg("text", { x, y: y - 3, class: "value" });
  const below = svg("text", { x, y: y + 13, class: "gradient" });
  const outline = svg("rect", { x: x - UNIT.w / 2, y: y - UNIT.h / 2, width: UNIT.w, height: UNIT.h, rx: UNIT.h / 2 });

  function paint(a, delta) {
    above.textContent = a;
    above.setAttribute("y", delta ? y - 3 : y + 5);
    below.textContent = delta;
  }
  return { element: svg("g", {}, outline, above, below), paint };
}

const link = ([x0, y0], [x1, y1]) =>
  svg("path", { class: "link", d: `M${x0 + UNIT.w / 2} ${y0}L${x1 - UNIT.w / 2} ${y1}` });

// The heavier a weight the thicker its line; below 0 it is dashed.
function weights(W, l, place) {
  const largest = Math.max(...W.flat().map(Math.abs)) || 1;
  const all = W.flatMap((row, k) => row.map((w, j) => ({ w, from: place(l, k), to: place(l + 1, j) })));
  const lines = all.map(({ w, from, to }) => {
    const line = link(from, to);
    line.style.strokeWidth = 0.5 + (2.5 * Math.abs(w)) / largest;
    line.classList.toggle("negative", w < 0);
    return line;
  });
  const labels = all.map(({ w, from, to }) => {
    const [x, y] = [0, 1].map((axis) => from[axis] + 0.36 * (to[axis] - from[axis]));
    return svg("text", { x, y: y + 4, class: "value" }, brief(w));
  });
  const parts = all.length > MOST_LABELS ? lines : [...lines, ...labels];
  return svg("g", { "data-key": `W${l + 1} dW${l + 1}` }, ...parts);
}
