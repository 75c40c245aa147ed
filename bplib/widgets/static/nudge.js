// Nudge: one input moves by h, and the output answers. The secant turns into the tangent as h shrinks; its error
// falls with h and then rises again, for what rounding leaves is divided by h.
//
// `data` comes from bplib/widgets/nudge.py. Where the browser knows all gates it measures by itself, as Python does.

import { choiceOf } from "./choice.js";
import {
  button,
  digits,
  gradient,
  html,
  isSame,
  messageFor,
  number,
  onlySeen,
  paragraph,
  sliderRow,
  strong,
  value,
  whenPressed,
} from "./elements.js";
import { run } from "./gates.js";
import { figure } from "./graph.js";
import { dot, plot, polyline, windowOf } from "./plot.js";
import { view } from "./view.js";

const REPORT_MS = 150; // what rests this long is reported to Python
const STRETCHES = 160; // of the drawn curve
const SMALLEST = 1e-16; // an error below this is drawn here
const SCHEMES = ["forward", "central"];

// ---------------------------------------------------------------------- measuring, as bplib/widgets/nudge.py does

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

export function quotients({ value, right, left }, nudges) {
  const slope = (start, end, run) => (start === null || end === null ? null : (end - start) / run);
  return {
    forward: nudges.map((h, k) => slope(value, right[k], h)),
    central: nudges.map((h, k) => slope(left[k], right[k], 2 * h)),
  };
}

const where = (x, f) => (x === null ? null : f(x)); // f(x), and null where there is nothing

export const errors = ({ slope }, slopes) => slopes.map((rough) => where(rough, (rough) => Math.abs(rough - slope)));

// The place of the best h: the largest one whose error is the least, or no more than rounding.
export function best(measured, slopes) {
  const found = errors(measured, slopes);
  const rounding = Number.EPSILON * (Math.abs(measured.slope) + Math.abs(measured.value));
  const least = Math.max(Math.min(...found.filter((error) => error !== null)), rounding);
  return found.findLastIndex((error) => error !== null && error <= least);
}

function nearest(h, nudges) {
  const factors = nudges.map((step) => Math.abs(Math.log(step / h)));
  return factors.indexOf(Math.min(...factors));
}

// ------------------------------------------------------------------------------------------------------ the plots

function plotOfCurve({ chosen, x, h, k, scheme, secant, measured }) {
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

function plotOfErrors({ h, k, scheme, nudges, slopes, measured }) {
  const height = (error) => where(error, (error) => Math.log10(Math.max(error, SMALLEST)));
  const points = (scheme) => errors(measured, slopes[scheme]).map((error, k) => [Math.log10(nudges[k]), height(error)]);
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

// ------------------------------------------------------------------------------------------------------ the words

function aboutSlopes({ chosen, h, k, scheme, secant, nudges, slopes, measured }) {
  const exact = paragraph("Derivative from the gates’ rules: ", gradient(digits(measured.slope)));
  if (secant === null) return [exact, paragraph(`f has no value at this nudge, h = ${digits(h)}: take a smaller one.`)];
  const formula = scheme === "central" ? "(f(x + h) − f(x − h)) / 2h" : "(f(x + h) − f(x)) / h";
  const rough = [strong("Slope of the secant"), ` ${formula.replaceAll("x", chosen)} = `, strong(digits(secant))];
  const found = errors(measured, slopes[scheme]);
  const place = best(measured, slopes[scheme]);
  const verdict = found[k] > found[place] ? reason(k > place) : "Yours is as good.";
  return [
    paragraph(...rough, `, error ${number(found[k])}`),
    exact,
    paragraph(`The best h for this difference is ${digits(nudges[place])}. `, verdict),
  ];
}

function reason(isLonger) {
  return isLonger
    ? "Yours is longer: over that distance the curve bends away from its tangent."
    : "Yours is shorter: the values of f agree in ever more digits, and what rounding leaves is divided by h.";
}

function aboutNudge({ chosen, x, h, k, measured, isSeen }) {
  const predicted = [gradient(digits(measured.slope)), ` × ${digits(h)} = `, gradient(digits(measured.slope * h))];
  const lead = paragraph(strong(`${chosen} + h`), ": predicted change, gradient × h = ", ...predicted);
  if (!isSeen) return [lead, paragraph(`And the actual change? Press ${chosen} + h.`)];
  if (x + h === x) return [lead, paragraph(`Nothing moves: beside ${digits(x)} this h is lost in rounding.`)];
  if (measured.right[k] === null) return [lead, paragraph(`But f has no value at ${chosen} + h: take a smaller h.`)];
  const actual = measured.right[k] - measured.value;
  const ratio = measured.slope ? [", actual / predicted = ", strong(digits(actual / (measured.slope * h)))] : [];
  return [lead, paragraph("Actual change of the output: ", value(digits(actual)), ...ratio)];
}

// ------------------------------------------------------------------------------------------------------ one view

const namesOf = (names) => Object.fromEntries(names.map((name) => [name, name]));
const key = (...children) => html("p", { class: "key" }, ...children);
const words = () => html("div", { class: "words" });

function build({ model, root, on, watch, atEnd }) {
  const data = () => model.get("data");
  const names = data().sliders.map(({ name }) => name);
  const hasGraph = names.length > 1;
  let reporting, drawing, measured;
  let isNudged = false;

  // ---- what the reader does

  const speak = (aloud) => aboutMove.setAttribute("aria-live", aloud ? "polite" : "off");

  function set(name, x) {
    speak(false); // a slider and a button speak for themselves
    model.set(name, x);
    clearTimeout(reporting);
    reporting = setTimeout(() => model.save_changes(), data().computes === "kernel" ? 0 : REPORT_MS);
  }

  function nudge() {
    isNudged = !isNudged;
    speak(true);
    paint();
  }

  const sliders = data().sliders.map(sliderRow);
  for (const { name, range } of sliders) {
    on(range, "input", () => set("inputs", { ...model.get("inputs"), [name]: range.valueAsNumber }));
  }
  const length = sliderRow({ name: "h", low: 0, high: (data().nudges?.length ?? 1) - 1, step: 1 });
  length.row.classList.add("length");
  on(length.range, "input", () => set("h", data().nudges[length.range.value]));
  const choice = choiceOf(on, "input to nudge", namesOf(names), (name) => set("chosen", name));
  const difference = choiceOf(on, "difference", namesOf(SCHEMES), (scheme) => set("central", scheme === "central"));
  const press = button({ class: "press" });
  on(press, "click", nudge);

  // ---- what the reader sees

  const task = hasGraph
    ? "Choose an input and nudge it: its gradient predicts how far the output moves."
    : "Make h shorter: the secant turns into the tangent. Then make it too short.";
  const inputs = html("div", { class: "sliders" }, ...sliders.map(({ row }) => row));
  const picture = html("div", { class: "picture" });
  const [ofCurve, ofErrors] = [html("div"), html("div")];
  const [aboutMove, aboutH] = [words(), words()];
  const curveKey = key(value("— f"), "\u2003— secant\u2003", gradient("- - tangent"));
  const errorKey = key("error over h, both axes logarithmic\u2003-\u00a0-\u00a0forward\u2003—\u00a0central");
  const panels = [html("div", {}, ofCurve, curveKey), html("div", {}, ofErrors, errorKey)];
  const plots = html("div", { class: "plots" }, ...panels);
  const nudging = hasGraph ? [choice.element, press] : [];
  const steps = html("div", { class: "toolbar" }, ...nudging, length.row, difference.element);
  const graphKey = key(value("value"), " above a line, ", gradient("gradient"), " below");
  const parts = hasGraph ? [picture, graphKey, aboutMove, plots, aboutH] : [plots, aboutH, aboutMove];
  const running = html("div", {}, steps, ...parts);
  const message = messageFor(running);
  root.append(html("p", { class: "task" }, names.length ? task : ""), inputs, message.element, running);

  function moment() {
    const { trace, computes, nudges } = data();
    const xs = model.get("inputs");
    const chosen = model.get("chosen");
    const x = xs[chosen];
    const k = nearest(model.get("h"), nudges);
    const h = nudges[k];
    const scheme = model.get("central") ? "central" : "forward";
    const slopes = quotients(measured, nudges);
    const isSeen = isNudged || !hasGraph;
    const nodes = computes === "browser" ? run(trace, xs) : trace.nodes;
    return { chosen, x, h, k, scheme, secant: slopes[scheme][k], nudges, slopes, measured, isSeen, nodes };
  }

  // The numbers of the graph, after the nudge where there was one. Python's gates have told only the output's.
  function moved({ chosen, x, h, k, nodes }) {
    const { trace, computes } = data();
    if (!isNudged) return nodes;
    if (computes === "browser") return run(trace, { ...model.get("inputs"), [chosen]: x + h });
    const known = { [chosen]: x + h, [nodes[trace.output].name]: measured.right[k] };
    return nodes.map((node) => ({ ...node, value: known[node.name] ?? node.value }));
  }

  function draw() {
    drawing = figure(data());
    picture.replaceChildren(drawing.element);
    for (const { node, kind, group } of drawing.boxes) {
      const { name } = data().trace.nodes[node];
      if (kind === "input") whenPressed(on, group, () => set("chosen", name));
      else onlySeen(group);
    }
    for (const { path, tip } of drawing.lines) {
      path.setAttribute("class", "line");
      tip.setAttribute("class", "tip");
    }
  }

  function paintGraph(now) {
    const after = moved(now);
    for (const { node, kind, label, group, stem, value, gradient } of drawing.boxes) {
      const { name, gradient: slope, value: before } = now.nodes[node];
      const x = after[node].value;
      stem.setAttribute("class", "line");
      group.setAttribute("class", `box ${kind} ${x === before ? "" : "forward"}`);
      group.setAttribute("aria-label", `${kind} ${label}, value ${number(x)}, gradient ${number(slope)}`);
      if (kind === "input") group.setAttribute("aria-pressed", name === now.chosen);
      value.setAttribute("class", "value");
      value.textContent = number(x);
      gradient.textContent = number(slope);
    }
  }

  function paint() {
    for (const { name, show } of sliders) show(model.get("inputs")[name]);
    const isDefined = measured && Number.isFinite(measured.value) && Number.isFinite(measured.slope);
    message.say(data().message || (isDefined ? "" : "Here f has no value or no derivative. Move a slider."));
    if (running.hidden) return;

    const now = moment();
    length.show(now.k, digits(now.h));
    choice.show(now.chosen);
    difference.show(now.scheme);
    press.textContent = `${now.chosen} + h`;
    press.setAttribute("aria-pressed", isNudged);
    if (hasGraph) paintGraph(now);
    ofCurve.replaceChildren(plotOfCurve(now));
    ofErrors.replaceChildren(plotOfErrors(now));
    aboutMove.replaceChildren(...aboutNudge(now));
    aboutH.replaceChildren(...aboutSlopes(now));
  }

  function remeasure() {
    const { computes, measured: fromPython } = data();
    measured = computes === "browser" ? measure(data(), model.get("inputs"), model.get("chosen")) : fromPython;
    if (hasGraph && !isSame(data().picture, drawing?.picture)) draw();
    paint();
  }

  remeasure();
  watch("change:data", remeasure);
  watch("change:inputs", remeasure);
  watch("change:chosen", () => {
    isNudged = false;
    remeasure();
  });
  watch("change:h", paint);
  watch("change:central", paint);
  atEnd(() => clearTimeout(reporting));
}

export default { render: view("nudge", build) };
