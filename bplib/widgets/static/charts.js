// Charts that change while one looks: lines over the steps of a training, and a histogram.

import { html, number, strong, svg } from "./elements.js";
import { plot, polyline } from "./plot.js";

const MOST_POINTS = 160; // of a line: more cannot be told apart
const FLOOR = 1e-6; // on a logarithmic axis, what is below it is drawn here
const DASHES = ["none", "6 3", "2 3", "8 3 2 3", "12 4", "3 6"];

export const percent = (share) => `${Math.round(100 * share)}\u202f%`;

// Lines [{name, role, dash, points: [[x, y], …], now}] over the steps; `now` is written in the key.
export function chart(title, { logarithmic = false } = {}) {
  const place = html("div");
  const key = html("span", { class: "legend" });
  const element = html("figure", {}, html("figcaption", {}, strong(title), key), place);
  const scale = logarithmic ? (y) => Math.log10(Math.max(y, FLOOR)) : (y) => y;
  const scaled = ([x, y]) => [x, Number.isFinite(y) ? scale(y) : null];

  function paint(lines, last, words) {
    const drawn = lines.map((line) => ({ ...line, points: line.points.map(scaled) }));
    const y = logarithmic ? decades(drawn) : [0, 1];
    const yTicks = logarithmic ? powersOfTen(...y) : [0, 0.5, 1].map((share) => [share, percent(share)]);
    const axes = { x: [0, Math.max(last, 1)], y, xTicks: [[0, "0"], [Math.max(last, 1), `${last}`]], yTicks };
    const curves = (scales) => drawn.map((line) => dashed(polyline(line.points, line.role, scales), line));
    place.replaceChildren(plot(`${title} over ${last} steps${words}`, axes, curves));
    key.replaceChildren(...lines.map(keyed));
  }

  return { element, paint };
}

function dashed(path, { dash = 0 }) {
  path.style.strokeDasharray = DASHES[dash % DASHES.length];
  return path;
}

function keyed(line) {
  const stroke = dashed(svg("path", { class: `curve ${line.role}`, d: "M0 4h24" }), line);
  const sample = svg("svg", { class: "plot", viewBox: "0 0 24 8", "aria-hidden": "true" }, stroke);
  const now = line.now === undefined ? "" : number(line.now);
  return html("span", { class: line.role }, sample, ` ${line.name} ${now}`);
}

// The whole powers of ten around all lines, two at least.
function decades(lines) {
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter((y) => y !== null);
  const low = Math.floor(ys.reduce((a, b) => Math.min(a, b), 0));
  const high = Math.ceil(ys.reduce((a, b) => Math.max(a, b), low + 1));
  return [low, high];
}

function powersOfTen(low, high) {
  const exponents = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return exponents.map((i) => [i, i < -3 ? `1e−${-i}` : `${10 ** i}`]);
}

// Rows in equal parts, each the mean of its rows.
export function thinned(rows) {
  const size = Math.ceil(rows.length / MOST_POINTS) || 1;
  const parts = Array.from({ length: Math.ceil(rows.length / size) }, (_, k) => rows.slice(k * size, (k + 1) * size));
  return parts.map((part) => part[0].map((_, i) => part.reduce((sum, row) => sum + row[i], 0) / part.length));
}

// How many numbers lie where; the choice is what they are of.
export function bars(title, choice) {
  const place = html("div");
  const words = html("span", { class: "legend" });
  const element = html("figure", {}, html("figcaption", {}, strong(title), choice, words), place);

  function paint({ low, high, counts, zeros }, role, what) {
    const width = (high - low) / Math.max(counts.length, 1) || 1;
    const bar = ([across, up]) => (count, i) => {
      const size = { width: across(low + width) - 1, height: up(0) - up(count) };
      return svg("rect", { class: role, x: across(low + i * width), y: up(count), ...size });
    };
    const ends = low < 0 && high > 0 ? [low, 0, high] : [low, high];
    const axes = { x: [low, high > low ? high : low + 1], y: [0, Math.max(...counts, 1)], yTicks: [] };
    words.textContent = counts.length ? `${percent(zeros)} are exactly 0` : "after the first step";
    const label = `${what}: from ${number(low)} to ${number(high)}, ${words.textContent}`;
    const xTicks = counts.length ? ends.map((x) => [x, number(x)]) : [];
    place.replaceChildren(plot(label, { ...axes, xTicks }, (scales) => counts.map(bar(scales))));
  }

  return { element, paint };
}
