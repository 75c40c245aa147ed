// What the Nudge draws: the curve with its tangent and a secant, and the error of both differences over h.

import { number } from "./elements.js";
import { dot, plot, polyline, windowOf } from "./plot.js";

const SMALLEST = 1e-16; // an error below this is drawn here
export const SCHEMES = ["forward", "central"];

export function plotOfCurve({ chosen, x, h, k, scheme, secant, measured }) {
  const { value, slope } = measured;
  const start = scheme === "central" ? [x - h, measured.left[k]] : [x, value];
  const ends = [measured.curve[0][0], measured.curve.at(-1)[0]];
  const y = windowOf(measured.curve, value);
  const line = ([x0, y0], slope) => ends.map((at) => [at, y0 + slope * (at - x0)]);
  const ticks = (places) => places.map((at) => [at, number(at)]);
  const axes = { x: ends, y, xTicks: ticks([...ends, x]), yTicks: ticks([...y, value]) };
  return plot(`f over ${chosen}, with tangent and secant`, axes, (scales) => [
    polyline(measured.curve, "value", scales),
    polyline(line([x, value], slope), "gradient", scales),
    ...(secant === null
      ? []
      : [
          polyline(line(start, secant), "", scales),
          dot(start, "", scales),
          dot([x + h, measured.right[k]], "", scales),
        ]),
    dot([x, value], "value", scales),
  ]);
}

export function plotOfErrors({ h, k, scheme, nudges, found }) {
  const height = (error) => (error === null ? null : Math.log10(Math.max(error, SMALLEST)));
  const points = (scheme) => found[scheme].errors.map((error, k) => [Math.log10(nudges[k]), height(error)]);
  const lines = Object.fromEntries(SCHEMES.map((scheme) => [scheme, points(scheme)]));
  const top = Math.max(0, ...SCHEMES.flatMap((scheme) => lines[scheme].map(([, y]) => y)));
  const powers = [-16, -12, -8, -4, 0].map((at) => [at, at ? `1e−${-at}` : "1"]);
  const axes = { x: [-16, 0], y: [-16, top], xTicks: powers, yTicks: powers };
  const marker = [-16, top].map((y) => [Math.log10(h), y]);
  const role = (name) => `${name === "forward" ? "dashed" : ""} ${name === scheme ? "" : "faint"}`;
  return plot("error of the two differences over h", axes, (scales) => [
    polyline(marker, "faint", scales),
    ...SCHEMES.map((name) => polyline(lines[name], role(name), scales)),
    ...(lines[scheme][k][1] === null ? [] : [dot(lines[scheme][k], "", scales)]),
  ]);
}
