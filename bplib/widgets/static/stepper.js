// The Stepper: a graph that runs one gate at a time, forward and then backward, with sliders on its inputs.
//
// `data` comes from bplib/widgets/stepper.py. What can change (inputs, step, switches) lives in the model, so that
// Python and every view of a widget agree. A view builds its elements once; painting fills in texts and classes.

import {
  gradient,
  html,
  isSame,
  messageFor,
  number,
  setAttributes,
  sliderRow,
  value,
  whenPressed,
} from "./elements.js";
import { explanation } from "./explain.js";
import { run } from "./gates.js";
import { figure, fitting, keepInSight, stretched, widened, write } from "./graph.js";
import {
  branchLabel,
  branchRows,
  gradientLabel,
  gradientRows,
  momentAfter,
  sameStage,
  spoken,
  stage,
  timeline,
  valueLabel,
  valueRows,
} from "./moments.js";
import { player } from "./player.js";
import { quiz } from "./predict.js";
import { view } from "./view.js";

const SAVE_MS = 150; // sliders at rest this long are reported to Python
const DIGIT = 7.8; // pixels, generously, as bplib/draw/layout.py counts them
const MARGIN = 14;

// --------------------------------------------------------------------------------------------------- the picture

function paintFigure({ lines, boxes }, now, selected) {
  const waiting = (i) => (now.hasValue(i) ? "" : "waiting");
  const running = (i) => (i === now.event.node ? now.event.kind : "");
  for (const line of lines) {
    const state = `${waiting(line.from)} ${running(line.to)}`;
    setAttributes(line.path, { class: `line ${state}` });
    setAttributes(line.tip, { class: `tip ${state}` });
    write(line.sent, branchLabel(line, now), line.shared ? branchRows(line, now) : undefined, running(line.to));
  }
  for (const box of boxes) {
    const i = box.node;
    const state = `box ${box.kind} ${waiting(i)} ${running(i)}`;
    setAttributes(box.stem, { class: `line ${waiting(i)}` });
    setAttributes(box.group, { class: state, "aria-pressed": i === selected, "aria-label": spoken(i, now) });
    if (!box.isNumbered) continue;
    write(box.value, valueLabel(i, now), valueRows(i, now), waiting(i));
    write(box.gradient, gradientLabel(i, now), gradientRows(i, now));
  }
}

// The picture with room for all numbers of a graph; it only ever grows.
function roomy({ boxes, lines, picture }, whole) {
  const [room, wish] = [0, MARGIN].map((margin) => (text) => (text ? text.length * DIGIT + margin : 0));
  const longest = (i) => [valueLabel(i, whole), gradientLabel(i, whole)].sort((a, b) => b.length - a.length)[0];
  const stems = boxes.map(({ node, isNumbered }) => (isNumbered ? longest(node) : ""));
  if (picture.down) return stretched(picture, stems.map(room));
  const leads = lines.map((line) => branchLabel(line, whole));
  const fits = widened(picture, stems.map(room), leads.map(room)) === picture;
  return fits ? picture : widened(picture, stems.map(wish), leads.map(wish));
}

// ------------------------------------------------------------------------------------------------------ one view

function checkbox(text) {
  const box = html("input", { type: "checkbox" });
  return { box, row: html("label", {}, box, text) };
}

function build(life) {
  const { model, root, on, watch, whenResized, atEnd } = life;
  let saving, frame, selected, seen, drawn, drawing, chosen;
  let hasSwitched = false; // here, and the view that was asked for is still to come

  const data = () => model.get("data");
  const shown = () => data().views?.find((view) => isSame(view.detail, model.get("detail"))) ?? data().views?.[0];
  const last = () => timeline(shown().trace).length;

  const guess = quiz(life, { done: () => steps.focusForward(), changed: paint });
  const holds = () => guess.isAsking() && (guess.focus(), true);
  const steps = player(life, { last, reset, finish: () => guess.finish(last()), holds });
  const inputs = html("div", { class: "sliders" });
  const picture = html("div", { class: "picture" });
  const words = html("div", { class: "words" });
  const key = html("p", { class: "key" }, value("value"), " above a line, ", gradient("gradient"), " below");
  const running = html("div", {}, steps.element, picture, key, guess.element, words);
  const message = messageFor(running);
  const switches = html("div", { class: "switches", role: "group", "aria-label": "What is shown" });
  root.append(message.element, running, inputs, switches);

  // ---- what the reader does

  const speak = (aloud) => words.setAttribute("aria-live", aloud ? "polite" : "off");

  function reset() {
    speak(true);
    guess.reset();
    model.set("inputs", Object.fromEntries(data().sliders.map(({ name, value }) => [name, value])));
  }

  function slide(name, x) {
    speak(false); // the slider itself speaks
    model.set("inputs", { ...model.get("inputs"), [name]: x });
    clearTimeout(saving);
    if (data().computes === "kernel") model.save_changes();
    else saving = setTimeout(() => model.save_changes(), SAVE_MS);
  }

  function select(i) {
    selected = i;
    speak(true);
    paint();
  }

  function showInDetail(name, isWanted) {
    hasSwitched = true;
    const others = model.get("detail").filter((other) => other !== name);
    model.set("detail", (isWanted ? [...others, name] : others).sort());
    model.save_changes();
  }

  // ---- what the reader sees

  const sliders = data().sliders.map(sliderRow);
  inputs.append(...sliders.map(({ row }) => row));
  for (const { name, range } of sliders) on(range, "input", () => slide(name, range.valueAsNumber));

  const details = data().switches.map(({ name, label }) => ({ name, ...checkbox(label) }));
  for (const { name, box } of details) on(box, "change", () => showInDetail(name, box.checked));
  const traits = { all_digits: "all digits", predict: "guess each gradient first" };
  const options = Object.entries(traits).map(([name, text]) => ({ name, ...checkbox(text) }));
  for (const { name, box } of options) on(box, "change", () => (model.set(name, box.checked), model.save_changes()));
  switches.append(...[...details, ...options].map(({ row }) => row));

  // The one of the two pictures that fits; as it is until its numbers need more room.
  function drawFitting() {
    const before = chosen;
    chosen = fitting(drawn, picture.clientWidth);
    if (chosen !== before) draw(chosen);
  }

  function draw(placed) {
    drawing = figure({ trace: drawn.trace, picture: placed });
    picture.replaceChildren(drawing.element);
    seen = undefined;
  }

  whenPressed(on, picture, ({ target }) => {
    const box = drawing.boxes.find(({ group }) => group.contains(target));
    if (box) select(box.node);
  });

  function known() {
    const { trace } = drawn;
    if (data().computes === "browser") return run(trace, model.get("inputs"));
    const numbers = model.get("numbers"); // empty as long as those of the trace are right
    return trace.nodes.map((node, i) => ({ ...node, ...numbers[i] }));
  }

  function paint() {
    cancelAnimationFrame(frame);
    frame = undefined;
    const inputs = model.get("inputs");
    for (const { name, show } of sliders) show(inputs[name]);
    for (const { name, box } of options) box.checked = model.get(name);
    for (const { name, box } of details) box.checked = model.get("detail").includes(name);
    switches.hidden = !data().views;
    const nodes = drawn && known();
    message.say(data().message || shown()?.message || undefinedPlace(nodes));
    if (running.hidden) return;

    const exactly = model.get("all_digits");
    const placed = roomy(drawing, momentAfter(Infinity, nodes, drawn, { exactly }));
    if (placed !== drawing.picture) draw(placed);
    const now = momentAfter(model.get("step"), nodes, drawn, { exactly, told: guess.told() });
    const focus = selected ?? now.event.node;
    paintFigure(drawing, now, focus);
    guess.paint(now);
    steps.paint(stage(now));
    tell(explanation(focus, now));
    if (focus !== seen) look(focus);
  }

  // One painting a frame, however fast a slider or the kernel is.
  const paintSoon = () => (frame ??= requestAnimationFrame(paint));

  function tell(paragraphs) {
    const next = html("div", {}, ...paragraphs);
    if (next.innerHTML !== words.innerHTML) words.replaceChildren(...next.childNodes);
  }

  function look(node) {
    seen = node;
    keepInSight(picture, drawing, node);
  }

  // The picture that `data` and the switches ask for, at the stage of the one before it.
  function redraw() {
    const [before, next] = [drawn, shown()];
    if (next?.trace && !isSame(next, before)) {
      drawn = next;
      steps.mark(timeline(next.trace).map(({ kind }) => kind));
      drawFitting();
      if (hasSwitched) follow(before.trace);
    }
    paint();
  }

  function follow(before) {
    const step = sameStage(model.get("step"), before, drawn.trace);
    hasSwitched = !isSame(drawn.detail, model.get("detail"));
    selected = undefined;
    model.set("step", step);
    model.save_changes();
  }

  redraw();
  for (const event of ["change:data", "change:detail"]) watch(event, redraw);
  for (const event of ["change:inputs", "change:numbers"]) watch(event, paintSoon);
  for (const event of ["change:quiz", "change:predict"]) watch(event, paint);
  watch("change:all_digits", () => {
    if (drawn) draw(chosen);
    paint();
  });
  watch("change:step", () => {
    selected = undefined;
    speak(!steps.isPlaying() && !steps.isScrubbing());
    paint();
  });
  whenResized(picture, () => {
    if (!drawing || !picture.clientWidth) return;
    drawFitting();
    paint();
    look(seen);
  });
  atEnd(() => (clearTimeout(saving), cancelAnimationFrame(frame)));
}

// A slider may leave where a gate is defined: log of −1, 1 / 0.
function undefinedPlace(nodes) {
  const isBad = (x) => typeof x === "number" && !Number.isFinite(x);
  const node = nodes.find(({ value, gradient }) => isBad(value) || isBad(gradient));
  if (!node) return "";
  const [what, x] = isBad(node.value) ? ["value", node.value] : ["gradient", node.gradient];
  return `${node.symbol || node.name}: the ${what} is ${number(x)} here, and nothing goes on from that. Move a slider.`;
}

export default { render: view("stepper", build) };
