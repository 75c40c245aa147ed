// What the Nudge says: of the slope of the secant beside the derivative, and of the change that was predicted.

import { digits, gradient, number, paragraph, strong, value } from "./elements.js";

export function aboutSlopes({ chosen, h, k, scheme, secant, nudges, found, measured }) {
  const exact = paragraph("Derivative from the gates’ rules: ", gradient(digits(measured.slope)));
  if (secant === null) return [exact, paragraph(`f has no value at this nudge, h = ${digits(h)}: take a smaller one.`)];
  const formula = scheme === "central" ? "(f(x + h) − f(x − h)) / 2h" : "(f(x + h) − f(x)) / h";
  const rough = [strong("Slope of the secant"), ` ${formula.replaceAll("x", chosen)} = `, strong(digits(secant))];
  const { errors, best } = found[scheme];
  const verdict = errors[k] > errors[best] ? reason(k > best) : "Yours is as good.";
  return [
    paragraph(...rough, `, error ${number(errors[k])}`),
    exact,
    paragraph(`The best h for this difference is ${digits(nudges[best])}. `, verdict),
  ];
}

function reason(isLonger) {
  return isLonger
    ? "Yours is longer: over that distance the curve bends away from its tangent."
    : "Yours is shorter: the values of f agree in ever more digits, and what rounding leaves is divided by h.";
}

export function aboutNudge({ chosen, x, h, k, measured, isSeen }) {
  if (!isSeen) return [paragraph(`Where does ${chosen} + h bring the output? Press ${chosen} + h when you have said it.`)];
  const predicted = [gradient(digits(measured.slope)), ` × ${digits(h)} = `, gradient(digits(measured.slope * h))];
  const lead = paragraph(strong(`${chosen} + h`), ": predicted change, gradient × h = ", ...predicted);
  if (x + h === x) return [lead, paragraph(`Nothing moves: beside ${digits(x)} this h is lost in rounding.`)];
  if (measured.right[k] === null) return [lead, paragraph(`But f has no value at ${chosen} + h: take a smaller h.`)];
  const actual = measured.right[k] - measured.value;
  const ratio = measured.slope ? [", actual / predicted = ", strong(digits(actual / (measured.slope * h)))] : [];
  return [lead, paragraph("Actual change of the output: ", value(digits(actual)), ...ratio)];
}
