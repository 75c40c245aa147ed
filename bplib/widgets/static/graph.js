// A computational graph as elements, at the positions that bplib/draw/layout.py has found. The texts are empty and
// the states are not set: what is known of a graph, and when, is the widget's.

import { setAttributes, setText, svg } from "./elements.js";

const ABOVE = 4; // from a line to what stands above and below it
const BELOW = 3;
const [LINE, ROW] = [16, 17]; // heights, as in bplib/draw/blocks.py: of a number or a shape, of a row of a grid
const READABLE = 0.92; // then letters of 12 pixels have 11

const rem = (pixels) => `${pixels / 16}rem`;
const heightOf = (grid) => LINE + (grid?.rows ?? 0) * ROW;

// The picture for a frame of so many pixels: from left to right if it can be read so, else from top to bottom. Like all
// text a picture follows the size that a reader has chosen: its pixels are the browser's at 16 pixels to the rem.
export function fitting({ picture, down }, pixels) {
  const width = (16 * pixels) / parseFloat(getComputedStyle(document.documentElement).fontSize);
  return width >= READABLE * picture.width || !width || picture.width <= down.width ? picture : down;
}

// {element, boxes, lines, picture}: a box has {group, stem, value, gradient} besides what the layout says of it,
// a line between two boxes has {path, tip, sent}; value, gradient and sent are blocks. A box that is not numbered, a
// copy gate, has no stem to write at.
export function figure({ trace, picture }) {
  const { down } = picture;
  const lines = picture.edges.map((edge) => ({
    ...edge,
    path: svg("path", { d: curve(edge.points, down) }),
    tip: svg("path", { d: tip(edge.points.at(-1), down) }),
    sent: block("gradient", edge.grid, down ? below(edge.lead, 4) : beside(edge.lead, BELOW)),
  }));
  const isUsed = (i) => lines.some((line) => line.from === i);
  const boxes = picture.boxes.map((box) => {
    const { x, y, w, h, kind, stem, grid } = box;
    const outline = svg("rect", { x, y, width: w, height: h, rx: kind === "gate" ? Math.min(w, h) / 2 : 6 });
    const label = svg("text", { x: x + w / 2, y: y + h / 2 + 5 }, box.label);
    const [value, gradient] = down
      ? [below(stem, 6), below(stem, 6 + heightOf(grid))]
      : [beside(stem, -ABOVE - heightOf(grid)), beside(stem, BELOW)];
    return {
      ...box,
      isNumbered: lengthOf(stem) > 0,
      group: svg("g", { tabindex: 0, role: "button" }, outline, label),
      stem: svg("path", { d: isUsed(box.node) ? "" : curve(stem, down) }),
      value: block("value", grid, value),
      gradient: block("gradient", grid, gradient),
    };
  });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${picture.width} ${picture.height}`,
      class: down ? "down" : "",
      role: "group",
      "aria-label": `Computational graph of ${trace.nodes[trace.output].name}`,
      style: `max-width: ${rem((down ? 1 : 1.25) * picture.width)}; min-width: ${rem(READABLE * picture.width)}`,
    },
    ...boxes.map((box) => box.stem),
    ...lines.flatMap((line) => [line.path, line.tip]),
    ...boxes.flatMap((box) => [box.group, box.value.element, box.gradient.element]),
    ...lines.map((line) => line.sent.element),
  );
  return { element, lines, boxes, picture };
}

// Where a block stands whose top is so far below the line, or below its beginning.
const beside = ([[left, y], [right]], by) => [(left + right) / 2, y + by];
const below = ([[x, y]], by) => [x, y + by];

// A number; or the shape of an array, and below it a grid with its numbers: {element, caption, cells}.
function block(role, grid, [middle, top]) {
  const { rows = 0, columns = 0, cell = 0 } = grid ?? {};
  const caption = svg("text", { x: middle, y: top + LINE - 3, class: role });
  const place = (i, j) => [middle + (j - columns / 2) * cell, top + LINE + i * ROW];
  const cells = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const [x, y] = place(i, j);
      const frame = svg("rect", { x, y, width: cell, height: ROW, rx: 3 });
      const text = svg("text", { x: x + cell / 2, y: y + ROW - 4.5 });
      return { text, element: svg("g", { class: "cell" }, frame, text) };
    }),
  );
  const element = svg("g", {}, caption, ...cells.flat().map(({ element }) => element));
  return { role, element, caption, cells: cells.map((row) => row.map(({ text }) => text)) };
}


// A text, and the rows of texts of an array that is known.
export function write({ role, element, caption, cells }, text, rows, state = "") {
  setText(caption, text);
  setAttributes(caption, { class: `${role} ${state}` });
  setAttributes(element, { class: `block ${role} ${rows ? "" : "unknown"}` });
  cells.forEach((row, i) => row.forEach((cell, j) => setText(cell, rows?.[i]?.[j] ?? "")));
}

// Level runs are straight, climbs are S-curves; in a picture that runs down the same with both axes exchanged.
function curve(points, down) {
  const at = (along, across) => (down ? `${across} ${along}` : `${along} ${across}`);
  const [[x, y], ...others] = down ? points.map(([x, y]) => [y, x]) : points;
  let [path, before, height] = [`M${at(x, y)}`, x, y];
  for (const [right, level] of others) {
    const middle = (before + right) / 2;
    path += level === height ? "L" : `C${at(middle, height)} ${at(middle, level)} `;
    path += at(right, level);
    [before, height] = [right, level];
  }
  return path;
}

const tip = ([x, y], down) =>
  down ? `M${x - 3.5} ${y - 7}L${x} ${y}L${x + 3.5} ${y - 7}z` : `M${x - 7} ${y - 3.5}L${x} ${y}L${x - 7} ${y + 3.5}z`;

const lengthOf = ([[left, top], [right, bottom]]) => right - left + bottom - top;

// A picture that runs down, with room across for texts of these widths: all of it is stretched.
export function stretched(picture, widths) {
  const factor = Math.max(1, ...picture.boxes.map(({ room }, k) => widths[k] / room));
  if (factor === 1) return picture;
  const stretch = (points) => points.map(([x, y]) => [x * factor, y]);
  const boxes = picture.boxes.map((box) => {
    return { ...box, x: (box.x + box.w / 2) * factor - box.w / 2, room: box.room * factor, stem: stretch(box.stem) };
  });
  const ports = Object.fromEntries(boxes.map((box, k) => [box.node, box.x - picture.boxes[k].x]));
  const edges = picture.edges.map((edge) => {
    const shift = ports[edge.to];
    const arrive = (points) => stretch(points).with(-1, [edge.points.at(-1)[0] + shift, points.at(-1)[1]]);
    return { ...edge, points: arrive(edge.points), lead: arrive(edge.lead) };
  });
  return { ...picture, width: picture.width * factor, boxes, edges };
}

// The picture with stems and leads at least this long, [pixels for each box] and [pixels for each edge]: whatever
// lies to the right moves to the right. Of a picture that has the room, the very same picture.
export function widened(picture, stems, leads) {
  const missing = [
    ...picture.boxes.map(({ stem }, k) => [stem[1][0], stems[k] - lengthOf(stem)]),
    ...picture.edges.map(({ lead }, k) => [lead[0][0] + 0.01, leads[k] - lengthOf(lead)]),
  ].filter(([, length]) => length > 0);
  if (missing.length === 0) return picture;
  const inserts = new Map(missing.sort(([, a], [, b]) => a - b)); // at which x, how much: the longest stays
  const moved = (x) => [...inserts].reduce((sum, [at, length]) => sum + (x >= at ? length : 0), x);
  const along = (points) => points.map(([x, y]) => [moved(x), y]);
  const boxes = picture.boxes.map((box) => ({ ...box, x: moved(box.x + box.w) - box.w, stem: along(box.stem) }));
  const left = Object.fromEntries(boxes.map(({ node, x }) => [node, x]));
  const upTo = (x, points) => [...along(points.slice(0, -1)), [x, points.at(-1)[1]]];
  const edges = picture.edges.map((edge) => {
    const end = left[edge.to];
    return { ...edge, points: upTo(end, edge.points), lead: upTo(end, edge.lead) };
  });
  return { ...picture, width: moved(picture.width), boxes, edges };
}

// On a narrow page the picture scrolls sideways: keep the box of this node in the middle of its frame.
export function keepInSight(frame, { boxes, picture }, node) {
  const box = boxes.find((box) => box.node === node);
  const scale = frame.scrollWidth / picture.width;
  if (box) frame.scrollLeft = (box.x + box.w / 2) * scale - frame.clientWidth / 2;
}
