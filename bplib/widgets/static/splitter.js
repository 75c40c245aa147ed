// The BranchSplitter: a value with several users. At the fork the gradients that come back are added; the switch
// shows what is left when the last one to arrive overwrites the others.
//
// `data` comes from bplib/widgets/splitter.py; the numbers are computed here, by the rules of gates.js.

import { choiceOf } from "./choice.js";
import { digits, gradient, html, isSame, messageFor, number, onlySeen, paragraph, sliderRow, strong, value } from "./elements.js";
import { run } from "./gates.js";
import { figure, fitting, write } from "./graph.js";
import { view } from "./view.js";

const REPORT_MS = 150; // what rests this long is reported to Python
const PLUS = "\u2009+\u2009"; // thin spaces: a line has little room
const SCHEMES = { add: "+= adds", overwrite: "= overwrites" };

const mended = (sum, part) => (sum ?? 0) + part;
const replaced = (_, part) => part;

// The backward pass once more, from the local derivatives that `run` has found: for each node its gradient, and what
// has arrived there, in the order of the pass. `gather` says what becomes of what was there and what arrives.
export function backward(trace, nodes, gather) {
  const gradients = nodes.map((_, i) => (i === trace.output ? 1 : null));
  const arrivals = nodes.map(() => []);
  for (const { kind, node: from } of trace.steps) {
    if (kind === "forward") continue;
    nodes[from].inputs.forEach((i, slot) => {
      const part = gradients[from] * nodes[from].local[slot];
      arrivals[i].push({ from, slot, part });
      gradients[i] = gather(gradients[i], part);
    });
  }
  return { gradients, arrivals };
}

// By central differences, with the step of bplib.numerical_gradient.
function slopes(trace, inputs) {
  const f = (name, x) => run(trace, { ...inputs, [name]: x })[trace.output].value;
  return Object.entries(inputs).map(([name, x]) => {
    const h = Math.cbrt(Number.EPSILON) * Math.max(1, Math.abs(x));
    return (f(name, x + h) - f(name, x - h)) / (x + h - (x - h));
  });
}

export function moment(trace, inputs, isOverwriting) {
  const nodes = run(trace, inputs);
  const right = backward(trace, nodes, mended);
  const wrong = backward(trace, nodes, replaced);
  const shown = isOverwriting ? wrong : right;
  const isFork = (i) => nodes[i].kind !== "constant" && shown.arrivals[i].length > 1;
  const forks = [...nodes.keys()].filter(isFork);
  return { nodes, right, wrong, shown, isOverwriting, forks, slopes: slopes(trace, inputs) };
}

// --------------------------------------------------------------------------------------------------- the picture

const isLost = ({ shown, isOverwriting }, i, place) => isOverwriting && place < shown.arrivals[i].length - 1;

function paintFigure({ lines, boxes }, now) {
  const { nodes, shown, right } = now;
  for (const { path, tip, sent, shared, from, to, slot } of lines) {
    const place = shown.arrivals[from].findIndex((arrival) => arrival.from === to && arrival.slot === slot);
    const state = isLost(now, from, place) ? "lost" : "";
    path.setAttribute("class", `line ${state}`);
    tip.setAttribute("class", `tip ${state}`);
    write(sent, shared ? number(shown.arrivals[from][place].part) : "", undefined, state);
  }
  for (const { node, kind, stem, group, value, gradient, label } of boxes) {
    const isWrong = !isSame(shown.gradients[node], right.gradients[node]);
    const words = `${kind} ${label}, value ${number(nodes[node].value)}, gradient ${number(shown.gradients[node])}`;
    stem.setAttribute("class", "line");
    group.setAttribute("class", `box ${kind} ${isWrong ? "wrong" : ""}`);
    group.setAttribute("aria-label", isWrong ? `${words}, wrong` : words);
    write(value, number(nodes[node].value));
    write(gradient, number(shown.gradients[node]) + (isWrong ? " ✗" : ""));
  }
}

// ------------------------------------------------------------------------------------------------------ the words

// b is used in 2 places. In the order of the backward pass arrive 3.00 from +1 and 2.00 from +.
function aboutFork(i, now, label) {
  const arrivals = now.shown.arrivals[i];
  const name = strong(label[i]);
  const listed = arrivals.flatMap(({ from, part }, k) => [
    k ? ", then " : "",
    isLost(now, i, k) ? html("s", {}, gradient(number(part))) : gradient(number(part)),
    ` from ${label[from]}`,
  ]);
  const parts = arrivals.map(({ part }) => number(part)).join(PLUS);
  const total = gradient(number(now.shown.gradients[i]));
  const left = now.isOverwriting ? ["Only the last one written is left: ", total] : [`Together ${parts} = `, total];
  return paragraph(name, ` is used in ${arrivals.length} places. Back come `, ...listed, ". ", ...left, ".");
}

const row = (tag, ...cells) => html("tr", {}, ...cells.map((cell) => html(tag, {}, cell)));

function table(names, { nodes, right, wrong, slopes }) {
  const rows = names.map((name, k) => {
    const i = nodes.findIndex((node) => node.name === name);
    const isWrong = digits(wrong.gradients[i], 6) !== digits(right.gradients[i], 6);
    const cells = [gradient(number(right.gradients[i])), gradient(number(wrong.gradients[i]) + (isWrong ? " ✗" : ""))];
    return row("td", strong(name), ...cells, number(slopes[k]));
  });
  const head = row("th", "input", "with +=", "with =", "by nudging");
  const caption = html("caption", {}, "Nudging each input decides which gradient is right.");
  return html("table", {}, caption, html("thead", {}, head), html("tbody", {}, ...rows));
}

// ------------------------------------------------------------------------------------------------------ one view

function build({ model, root, on, watch, whenResized, atEnd }) {
  const data = () => model.get("data");
  const names = data().sliders.map(({ name }) => name);
  let reporting, drawing;

  const asked = "A value used twice gets two gradients back. Switch from += to = and compare.";
  const task = html("p", { class: "task" }, names.length ? asked : "");
  const sliders = data().sliders.map(sliderRow);
  const inputs = html("div", { class: "sliders" }, ...sliders.map(({ row }) => row));
  const scheme = choiceOf(on, "at the fork", SCHEMES, (name) => {
    speak(true);
    set("overwrite", name === "overwrite");
  });
  const picture = html("div", { class: "picture" });
  const roles = [value("value"), " above a line, ", gradient("gradient"), " below; ✗ is a wrong one"];
  const key = html("p", { class: "key" }, ...roles);
  const words = html("div", { class: "words" });
  const compared = html("div", { class: "compared" });
  const toolbar = html("div", { class: "toolbar" }, "at the fork", scheme.element);
  const running = html("div", {}, toolbar, picture, key, words, compared);
  const message = messageFor(running);
  root.append(task, inputs, message.element, running);

  const speak = (aloud) => words.setAttribute("aria-live", aloud ? "polite" : "off");

  function set(name, x) {
    model.set(name, x);
    clearTimeout(reporting);
    reporting = setTimeout(() => model.save_changes(), REPORT_MS);
  }

  for (const { name, range } of sliders) {
    on(range, "input", () => {
      speak(false); // the slider itself speaks
      set("inputs", { ...model.get("inputs"), [name]: range.valueAsNumber });
    });
  }

  const fits = () => fitting(data(), picture.clientWidth);

  function draw() {
    drawing = figure({ ...data(), picture: fits() });
    for (const { group } of drawing.boxes) onlySeen(group);
    picture.replaceChildren(drawing.element);
  }

  function paint() {
    const { trace, message: text } = data();
    const xs = model.get("inputs");
    for (const { name, show } of sliders) show(xs[name]);
    const now = trace && moment(trace, xs, model.get("overwrite"));
    const isDefined = now && [...now.nodes.map(({ value }) => value), ...now.right.gradients].every(Number.isFinite);
    message.say(text || (isDefined ? "" : "Here f has no value or no gradient. Move a slider."));
    if (running.hidden) return;

    const label = Object.fromEntries(drawing.boxes.map(({ node, label }) => [node, label]));
    scheme.show(now.isOverwriting ? "overwrite" : "add");
    paintFigure(drawing, now);
    words.replaceChildren(...now.forks.map((i) => aboutFork(i, now, label)));
    compared.replaceChildren(table(names, now));
  }

  function redraw() {
    if (data().trace && !isSame(fits(), drawing?.picture)) draw();
    paint();
  }

  redraw();
  whenResized(picture, () => picture.clientWidth && redraw());
  watch("change:data", redraw);
  watch("change:inputs", paint);
  watch("change:overwrite", paint);
  atEnd(() => clearTimeout(reporting));
}

export default { render: view("splitter", build) };
