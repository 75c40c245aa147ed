// The Playground: one gate, its numbers forward and backward, and the name of what it does to a gradient.
//
// `data` comes from bplib/widgets/playground.py; the numbers are computed here, by the rules of gates.js.

import {
  digits,
  gradient,
  html,
  local,
  messageFor,
  number,
  paragraph,
  sliderRow,
  strong,
  svg,
  value,
} from "./elements.js";
import { GATES } from "./gates.js";
import { view } from "./view.js";

const REPORT_MS = 150; // what rests this long is reported to Python

// What the gate computes, and what it sends down: upstream × local, added up where it has several branches.
export function pass({ rule, parameters }, inputs, upstream) {
  const out = GATES[rule].forward(...inputs, parameters);
  const locals = GATES[rule].local(out, ...inputs, parameters);
  const downstream = locals.map((local) => upstream.map((up) => up * local).reduce((a, b) => a + b));
  return { out, locals, downstream };
}

// --------------------------------------------------------------------------------------------------- the picture

const [WIDTH, HEIGHT] = [360, 170];
const [MIDDLE, LEVEL, RADIUS] = [204, HEIGHT / 2, 26]; // of the gate
const [START, END] = [50, 352]; // of the lines
const ABOVE = -7; // a value stands above its line, a gradient below it
const BELOW = 16;

const levels = (all) => (all.length === 1 ? [LEVEL] : [LEVEL - 46, LEVEL + 46]);
const port = (level) => LEVEL + (level - LEVEL) / 4; // where a line meets the gate
const text = (x, y, role, words) => svg("text", { x, y, class: role }, words);

function line(d, x, y) {
  const tip = svg("path", { class: "tip", d: `M${x - 8} ${y - 4}L${x} ${y}L${x - 8} ${y + 4}z` });
  return [svg("path", { class: "line", d }), tip];
}

function inputAt(level, { name, x, local, downstream }) {
  const end = MIDDLE - RADIUS;
  const box = svg("rect", { x: START - 40, y: level - 15, width: 40, height: 30, rx: 6 });
  return [
    ...line(`M${START} ${level}H116C152 ${level} 152 ${port(level)} ${end} ${port(level)}`, end, port(level)),
    svg("g", { class: "box input" }, box, text(START - 20, level + 5, "", name)),
    text(84, level + ABOVE, "value", number(x)),
    text(84, level + BELOW, "gradient", number(downstream)),
    text(160, level === LEVEL ? level + ABOVE : level + 5, "local", number(local)),
  ];
}

function branchAt(level, { out, upstream }) {
  const start = MIDDLE + RADIUS;
  return [
    ...line(`M${start} ${port(level)}C256 ${port(level)} 256 ${level} 280 ${level}H${END}`, END, level),
    text(308, level + ABOVE, "value", number(out)),
    text(308, level + BELOW, "gradient", number(upstream)),
  ];
}

function drawn({ name, symbol, operands, branches }) {
  const label = `${name} gate, values from left to right, gradients from right to left`;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    ...levels(operands).flatMap((level, i) => inputAt(level, operands[i])),
    ...levels(branches).flatMap((level, i) => branchAt(level, branches[i])),
    svg("circle", { class: "gate", cx: MIDDLE, cy: LEVEL, r: RADIUS }),
    svg("g", { class: "box" }, text(MIDDLE, LEVEL + 5, "", symbol)),
  );
}

// ------------------------------------------------------------------------------------------------------ the words

const short = (x) => digits(x, 4);

function words({ name, role, says, symbol, operands, branches }) {
  const values = operands.flatMap(({ x }, i) => [i ? " and " : "", value(short(x))]);
  return [
    paragraph(strong(`${name}: ${role}`), ` – ${says}.`),
    paragraph(`Forward: ${symbol} of `, ...values, " gives ", value(short(branches[0].out)), "."),
    ...operands.map((operand) => sentTo(operand, branches)),
  ];
}

// to x: upstream 5.00 × local 3.00 = downstream 15.00   (∂out/∂x = y)
function sentTo({ name, local: slope, formula, downstream }, branches) {
  const products = branches.flatMap(({ upstream }, k) => {
    return [k ? " + " : "", "upstream ", gradient(short(upstream)), " × local ", local(short(slope))];
  });
  const rule = html("span", { class: "rule" }, `∂out/∂${name} = ${formula}`);
  return paragraph("To ", strong(name), ": ", ...products, " = downstream ", gradient(short(downstream)), rule);
}

// ------------------------------------------------------------------------------------------------------ one view

function build({ model, root, on, watch, atEnd }) {
  const data = () => model.get("data");
  let reporting;

  const names = Object.keys(data().gates);
  const which = html("select", {}, ...names.map((name) => html("option", {}, name)));
  const { reach, step } = data();
  const row = (name) => sliderRow({ name, low: -reach, high: reach, step });
  const inputs = ["x", "y"].map(row);
  const upstream = ["upstream", "upstream 2"].map(row);
  const picture = html("div", { class: "picture" });
  const atTheGate = [", ", local("local derivative"), " at the gate"];
  const key = html("p", { class: "key" }, value("value"), " above a line, ", gradient("gradient"), " below", ...atTheGate);
  const explained = html("div", { class: "words" });
  const running = html("div", {}, picture, key, explained);
  const message = messageFor(running);
  const sliders = html("div", { class: "sliders" }, ...[...inputs, ...upstream].map(({ row }) => row));
  const asked = "Choose a gate, move its inputs and the upstream, and watch what comes back.";
  const task = html("p", { class: "task" }, asked);
  const controls = html("div", {}, task, html("label", { class: "which" }, strong("gate"), which), sliders);
  root.append(controls, message.element, running);

  // ---- what the reader does

  const speak = (aloud) => explained.setAttribute("aria-live", aloud ? "polite" : "off");

  function set(news) {
    model.set("state", { ...model.get("state"), ...news });
    clearTimeout(reporting);
    reporting = setTimeout(() => model.save_changes(), REPORT_MS);
  }

  on(which, "change", () => {
    speak(true);
    const { inputs, upstream } = data().gates[which.value];
    set({ gate: which.value, inputs, upstream });
  });
  for (const [name, rows] of Object.entries({ inputs, upstream })) {
    rows.forEach(({ range }, i) =>
      on(range, "input", () => {
        speak(false); // the slider itself speaks
        set({ [name]: model.get("state")[name].with(i, range.valueAsNumber) });
      }),
    );
  }

  // ---- what the reader sees

  function moment() {
    const { gate: name, inputs, upstream } = model.get("state");
    const gate = data().gates[name];
    const { out, locals, downstream } = pass(gate, inputs, upstream);
    return {
      ...gate,
      name,
      operands: gate.names.map((name, i) => ({
        name,
        x: inputs[i],
        local: locals[i],
        formula: gate.local[i],
        downstream: downstream[i],
      })),
      branches: upstream.map((upstream) => ({ out, upstream })),
    };
  }

  function paint() {
    message.say(data().message);
    controls.hidden = running.hidden;
    if (running.hidden) return;
    const state = model.get("state");
    which.value = state.gate;
    for (const [name, rows] of Object.entries({ inputs, upstream })) {
      rows.forEach(({ row, show }, i) => {
        row.hidden = i >= state[name].length;
        if (!row.hidden) show(state[name][i]);
      });
    }
    const now = moment();
    const isDefined = [...now.operands.map(({ local }) => local), now.branches[0].out].every(Number.isFinite);
    const where = state.inputs.map(number).join(" and ");
    message.say(isDefined ? "" : `${now.name} has no value or no derivative at ${where}. Move a slider.`);
    if (!isDefined) return;
    picture.replaceChildren(drawn(now));
    explained.replaceChildren(...words(now));
  }

  paint();
  watch("change:state", paint);
  atEnd(() => clearTimeout(reporting));
}

export default { render: view("playground", build) };
