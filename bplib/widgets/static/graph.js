// A computational graph as elements, at the positions that bplib/draw/layout.py has found. The texts are empty and
// the states are not set: what is known of a graph, and when, is the widget's.

import { KEEPS_ITS_KEYS, svg } from "./elements.js";

const ABOVE = -7; // a value stands above its line, a gradient below it
const BELOW = 16;

// {element, boxes, lines, picture}: a box has {group, stem, value, gradient} besides what the layout says of it,
// a line between two boxes has {path, tip, sent}. A box that is not numbered, a copy gate, has no stem to write at.
export function figure({ trace, picture }) {
  const lines = picture.edges.map((edge) => {
    const [[left, y], [right]] = edge.lead;
    return {
      ...edge,
      path: svg("path", { d: curve(edge.points) }),
      tip: svg("path", { d: tip(edge.points.at(-1)) }),
      sent: svg("text", { x: (left + right) / 2, y: y + BELOW }),
    };
  });
  const isUsed = (i) => lines.some((line) => line.from === i);
  const boxes = picture.boxes.map((box) => {
    const { x, y, w, h, kind } = box;
    const [[left, level], [end]] = box.stem;
    const middle = (left + end) / 2;
    const outline = svg("rect", { x, y, width: w, height: h, rx: kind === "gate" ? h / 2 : 6 });
    const label = svg("text", { x: x + w / 2, y: y + h / 2 + 5 }, box.label);
    return {
      ...box,
      isNumbered: left < end,
      group: svg("g", { tabindex: 0, role: "button", ...KEEPS_ITS_KEYS }, outline, label),
      stem: svg("path", { d: isUsed(box.node) ? "" : `M${left} ${level}H${end}` }),
      value: svg("text", { x: middle, y: level + ABOVE }),
      gradient: svg("text", { x: middle, y: level + BELOW, class: "gradient" }),
    };
  });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${picture.width} ${picture.height}`,
      role: "group",
      "aria-label": `Computational graph of ${trace.nodes[trace.output].name}`,
      style: `max-width: ${1.25 * picture.width}px; min-width: ${0.8 * picture.width}px`,
    },
    ...boxes.map((box) => box.stem),
    ...lines.flatMap((line) => [line.path, line.tip]),
    ...boxes.flatMap((box) => [box.group, box.value, box.gradient]),
    ...lines.map((line) => line.sent),
  );
  return { element, lines, boxes, picture };
}

// Level runs are straight, climbs are S-curves.
function curve([[x, y], ...points]) {
  let path = `M${x} ${y}`;
  for (const [right, level] of points) {
    const middle = (x + right) / 2;
    path += level === y ? `H${right}` : `C${middle} ${y} ${middle} ${level} ${right} ${level}`;
    [x, y] = [right, level];
  }
  return path;
}

const tip = ([x, y]) => `M${x - 7} ${y - 3.5}L${x} ${y}L${x - 7} ${y + 3.5}z`;

const lengthOf = ([[left], [right]]) => right - left;

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
