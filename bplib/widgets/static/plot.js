// Curves over a pair of axes, as elements. A curve is a list of points [x, y], with null for y where it has a gap.

import { svg } from "./elements.js";

const [WIDTH, HEIGHT] = [400, 250];
const [LEFT, RIGHT, TOP, BOTTOM] = [68, 24, 10, 32]; // the margins around the frame

// x, y             the ends of the axes
// xTicks, yTicks   [[place, text], …]
// draw(scales)     the elements within the frame, which cuts them off; scales are [across(x), up(y)] in pixels
export function plot(label, { x, y, xTicks, yTicks }, draw) {
  const [width, height] = [WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
  const across = (at) => (width * (at - x[0])) / (x[1] - x[0]);
  const up = (at) => (height * (y[1] - at)) / (y[1] - y[0]);
  const box = { x: LEFT, y: TOP, width, height, viewBox: `0 0 ${width} ${height}` };
  return svg(
    "svg",
    { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("path", { class: "axes", d: `M${LEFT} ${TOP}V${TOP + height}H${LEFT + width}` }),
    svg("svg", box, ...draw([across, up])),
    ...xTicks.map(([at, text]) => svg("text", { x: LEFT + across(at), y: TOP + height + 21 }, text)),
    ...yTicks.map(([at, text]) => svg("text", { class: "side", x: LEFT - 6, y: TOP + up(at) + 4 }, text)),
  );
}

export function polyline(points, name, [across, up]) {
  const has = (point) => Boolean(point) && point[1] !== null;
  const stroke = ([x, y], i) => `${has(points[i - 1]) ? "L" : "M"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`;
  const d = points.map((point, i) => (has(point) ? stroke(point, i) : "")).join("");
  return svg("path", { class: `curve ${name}`, d });
}

export const dot = ([x, y], name, [across, up]) =>
  svg("circle", { class: `dot ${name}`, cx: across(x), cy: up(y), r: 4.5 });

// The ends of a y axis that shows `value` and the curve without its extreme 2 %, for 1/x has no end.
export function windowOf(points, value) {
  const ys = points.map(([, y]) => y).filter((y) => y !== null);
  ys.sort((a, b) => a - b);
  const cut = Math.floor(ys.length / 50);
  const ends = [ys[cut], ys.at(-1 - cut), value];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low || Math.abs(high) || 1) / 10;
  return [low - room, high + room];
}
