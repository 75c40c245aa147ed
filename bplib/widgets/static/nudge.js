// Nudge: one input moves by h, and the output answers. The secant turns into the tangent as h shrinks; its error
// falls with h and then rises again, for what rounding leaves is divided by h.
//
// `data` comes from bplib/widgets/nudge.py. Here is what the reader does and sees; measuring.js has the numbers where the
// browser knows all gates, nudge_plots.js draws them, nudge_words.js says them.

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
  sliderRow,
  value,
  whenPressed,
} from "./elements.js";
import { run } from "./gates.js";
import { figure, fitting, write } from "./graph.js";
import { differences, measure } from "./measuring.js";
import { plotOfCurve, plotOfErrors, SCHEMES } from "./nudge_plots.js";
import { aboutNudge, aboutSlopes } from "./nudge_words.js";
import { view } from "./view.js";

const REPORT_MS = 150; // what rests this long is reported to Python

const namesOf = (names) => Object.fromEntries(names.map((name) => [name, name]));
const key = (...children) => html("p", { class: "key" }, ...children);
const words = () => html("div", { class: "words" });

function build({ model, root, on, watch, whenResized, atEnd }) {
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
    const h = model.get("h");
    const k = nudges.indexOf(h);
    const scheme = model.get("central") ? "central" : "forward";
    const found = differences(measured, nudges);
    const isSeen = isNudged || !hasGraph;
    const nodes = computes === "browser" ? run(trace, xs) : trace.nodes;
    return { chosen, x, h, k, scheme, secant: found[scheme].slopes[k], nudges, found, measured, isSeen, nodes };
  }

  // The numbers of the graph, after the nudge where there was one. Python's gates have told only the output's.
  function moved({ chosen, x, h, k, nodes }) {
    const { trace, computes } = data();
    if (!isNudged) return nodes;
    if (computes === "browser") return run(trace, { ...model.get("inputs"), [chosen]: x + h });
    const known = { [chosen]: x + h, [nodes[trace.output].name]: measured.right[k] };
    return nodes.map((node) => ({ ...node, value: known[node.name] ?? node.value }));
  }

  const fits = () => fitting(data(), picture.clientWidth);

  function draw() {
    drawing = figure({ ...data(), picture: fits() });
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
      write(value, number(x));
      write(gradient, number(slope));
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
    if (hasGraph && data().picture && !isSame(fits(), drawing?.picture)) draw();
    paint();
  }

  remeasure();
  watch("change:data", remeasure);
  watch("change:inputs", remeasure);
  watch("change:chosen", () => {
    isNudged = false;
    remeasure();
  });
  whenResized(picture, () => hasGraph && picture.clientWidth && remeasure());
  watch("change:h", paint);
  watch("change:central", paint);
  atEnd(() => clearTimeout(reporting));
}

export default { render: view("nudge", build) };
