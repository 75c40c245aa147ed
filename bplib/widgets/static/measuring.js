// What the Nudge measures, for single numbers: bplib/widgets/measuring.py, function for function.
//
// With it the page answers a slider at once, and goes on without Python. A test keeps the two equal.

import { run } from "./gates.js";

const STRETCHES = 160; // of the drawn curve

// f around the chosen input, by the rules of gates.js; null where f has no value.
export function measure({ trace, nudges, sliders }, inputs, chosen) {
  const at = (x) => {
    const y = run(trace, { ...inputs, [chosen]: x })[trace.output].value;
    return Number.isFinite(y) ? y : null;
  };
  const x = inputs[chosen];
  const nodes = run(trace, inputs);
  const { low, high } = sliders.find(({ name }) => name === chosen);
  const places = Array.from({ length: STRETCHES + 1 }, (_, i) => low + ((high - low) * i) / STRETCHES);
  return {
    value: nodes[trace.output].value,
    slope: nodes.find(({ name }) => name === chosen).gradient,
    curve: places.map((place) => [place, at(place)]),
    right: nudges.map((h) => at(x + h)),
    left: nudges.map((h) => at(x - h)),
  };
}

// {forward: {slopes, errors, best}, central}: for each h a slope and how far it is from the derivative, and the place
// of the best h, the largest one whose error is the least, or no more than rounding.
export function differences({ value, slope, right, left }, nudges) {
  const rounding = Number.EPSILON * (Math.abs(slope) + Math.abs(value));
  const isMissing = (...ys) => ys.includes(null);
  const judged = (slopes) => {
    const errors = slopes.map((rough) => (isMissing(rough) ? null : Math.abs(rough - slope)));
    const known = errors.filter((error) => !isMissing(error));
    const least = Math.max(Math.min(...known), rounding);
    return { slopes, errors, best: errors.findLastIndex((error) => !isMissing(error) && error <= least) };
  };
  const rise = (start, end, run) => (isMissing(start, end) ? null : (end - start) / run);
  return {
    forward: judged(nudges.map((h, k) => rise(value, right[k], h))),
    central: judged(nudges.map((h, k) => rise(left[k], right[k], 2 * h))),
  };
}
