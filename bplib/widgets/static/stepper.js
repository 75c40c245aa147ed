// The Stepper: a graph that runs one gate at a time, forward and then backward, with sliders on its inputs.
//
// `data` comes from bplib/widgets/stepper.py. What can change (inputs, step) lives in the model, so that Python
// and every view of a widget agree. A view builds its elements once; painting fills in texts and classes.

import { GATES, run } from "./gates.js";

const PLAY_MS = 1400; // between two steps while playing
const SAVE_MS = 150; // sliders at rest this long are reported to Python
const ABOVE = -7; // a value stands above its line, a gradient below it
const BELOW = 16;
const NOT_YET = "?";
const PLUS = "\u2009+\u2009"; // thin spaces: a line has little room

// ---------------------------------------------------------------- numbers, written as bplib/draw/wording.py does

export function number(x) {
  if (x === null) return "–";
  if (Number.isNaN(x)) return "nan";
  const size = Math.abs(x);
  const sign = x < 0 ? "−" : "";
  if (size === Infinity) return `${sign}∞`;
  if (size >= 1e5 || (size > 0 && size < 0.01)) {
    return sign + size.toExponential(1).replace("+", "").replace("-", "−");
  }
  return sign + fixed(size, size > 0 && size < 0.1 ? 3 : 2);
}

// Python rounds an exact tie to the even digit (0.125 to 0.12), toFixed rounds it up.
function fixed(size, digits) {
  const rounded = size.toFixed(digits);
  const tie = (size * 2 ** (digits + 1)) % 2 === 1;
  return tie && /[13579]$/.test(rounded) ? (size * (1 - 1e-15)).toFixed(digits) : rounded;
}

// A number, or an array by its shape, followed by its entries when there are at most four.
export function contents(value) {
  const shape = shapeOf(value);
  if (shape.length === 0) return number(value);
  const size = shape.reduce((a, b) => a * b);
  const text = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  return size > 0 && size <= 4 ? `${text} ${entries(value, shape.length)}` : text;
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

function entries(value, depth) {
  return depth === 0 ? number(value) : value.map((part) => entries(part, depth - 1)).join(depth > 1 ? "; " : " ");
}

const short = (name) => (name.length <= 16 ? name : `${name.slice(0, 15)}…`);

// -------------------------------------------------------------------------- a moment: what is known after a step

// Every gate forward, the first signal ∂f/∂f = 1, every gate backward.
function timeline(trace) {
  const pass = (kind) => trace.steps.filter((step) => step.kind === kind);
  return [...pass("forward"), { kind: "start", node: trace.output }, ...pass("backward")];
}

function momentAfter(step, nodes, { trace, picture }) {
  const events = timeline(trace);
  const past = events.slice(0, step);
  const nodesThat = (kind) => new Set(past.filter((event) => event.kind === kind).map((event) => event.node));
  const [ran, started, sent] = ["forward", "start", "backward"].map(nodesThat);
  const users = nodes.map(() => []); // of each node: {gate, slot} wherever it is an operand
  nodes.forEach((node, gate) => node.inputs.forEach((i, slot) => users[i].push({ gate, slot })));
  const received = users.map((list) => list.filter(({ gate }) => sent.has(gate)));
  return {
    events,
    step: past.length,
    event: past.at(-1) ?? {},
    nodes,
    users,
    received,
    label: Object.fromEntries(picture.boxes.map((box) => [box.node, box.label])), // of what has a box
    hasSent: (i) => sent.has(i),
    hasValue: (i) => nodes[i].kind !== "gate" || ran.has(i),
    hasGradient: (i) => started.size > 0 && received[i].length === users[i].length,
  };
}

// A gate without a name of its own goes by its symbol.
const isNamed = (node) => node.kind !== "gate" || !/^v\d+$/.test(node.name);
const title = (i, { nodes, label }) => (isNamed(nodes[i]) ? short(nodes[i].name) : label[i]);
const valueOf = (i, { nodes }) => contents(nodes[i].value);
const gradientOf = (i, { nodes }) => contents(nodes[i].gradient);

const sentTo = (slot, gate, { nodes }) => contents(nodes[gate].downstream[slot]);

// What has come back to a node, and a mark for what has not: −8.00 + ?
function collected(i, now) {
  const come = now.received[i].map(({ gate, slot }) => sentTo(slot, gate, now));
  return [...come, ...(now.hasGradient(i) ? [] : [NOT_YET])].join(PLUS);
}

// ------------------------------------------------------------------------------------------------------ elements

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const html = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);

const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const [value, gradient, local] = ["value", "gradient", "local"].map(
  (role) => (text) => html("span", { class: role }, text),
);

// JupyterLab takes arrow keys and letters (x cuts the cell) unless the focused element itself forbids it.
const KEEPS_ITS_KEYS = { "data-lm-suppress-shortcuts": "true" };

const ICONS = {
  reset: "M3.5 3v10M13 3 6 8l7 5z",
  back: "M11.5 3 4.5 8l7 5z",
  play: "M5 2.5 13 8l-8 5.5z",
  pause: "M5 3v10M11 3v10",
  forward: "M4.5 3l7 5-7 5z",
  all: "M3 3l7 5-7 5zM12.5 3v10",
};

const HAS_A_WORD = ["play", "pause"]; // one step and all steps look much alike

function setIcon(button, name, label) {
  const drawing = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
  button.replaceChildren(drawing, HAS_A_WORD.includes(name) ? name : "");
  button.setAttribute("aria-label", label);
  button.title = label;
}

// --------------------------------------------------------------------------------------------------- the picture

function figure({ trace, picture }) {
  const lines = picture.edges.map((edge) => {
    const [[left, y], [right]] = edge.lead;
    return {
      ...edge,
      path: svg("path", { d: curve(edge.points) }),
      tip: svg("path", { d: tip(edge.points.at(-1)) }),
      sent: svg("text", { x: (left + right) / 2, y: y + BELOW }),
    };
  });
  const isUsed = (i) => lines.some((line) => line.from === i);
  const boxes = picture.boxes.map((box) => {
    const { x, y, w, h, kind } = box;
    const [[left, level], [end]] = box.stem;
    const middle = (left + end) / 2;
    const outline = svg("rect", { x, y, width: w, height: h, rx: kind === "gate" ? h / 2 : 6 });
    const label = svg("text", { x: x + w / 2, y: y + h / 2 + 5 }, box.label);
    return {
      ...box,
      group: svg("g", { tabindex: 0, role: "button", ...KEEPS_ITS_KEYS }, outline, label),
      stem: svg("path", { d: isUsed(box.node) ? "" : `M${left} ${level}H${end}` }),
      value: svg("text", { x: middle, y: level + ABOVE }),
      gradient: svg("text", { x: middle, y: level + BELOW, class: "gradient" }),
    };
  });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${picture.width} ${picture.height}`,
      role: "group",
      "aria-label": `Computational graph of ${trace.nodes[trace.output].name}`,
      style: `max-width: ${1.25 * picture.width}px; min-width: ${0.8 * picture.width}px`,
    },
    ...boxes.map((box) => box.stem),
    ...lines.flatMap((line) => [line.path, line.tip]),
    ...boxes.flatMap((box) => [box.group, box.value, box.gradient]),
    ...lines.map((line) => line.sent),
  );
  return { element, lines, boxes, picture };
}

// Level runs are straight, climbs are S-curves.
function curve([[x, y], ...points]) {
  let path = `M${x} ${y}`;
  for (const [right, level] of points) {
    const middle = (x + right) / 2;
    path += level === y ? `H${right}` : `C${middle} ${y} ${middle} ${level} ${right} ${level}`;
    [x, y] = [right, level];
  }
  return path;
}

const tip = ([x, y]) => `M${x - 7} ${y - 3.5}L${x} ${y}L${x - 7} ${y + 3.5}z`;

function paintFigure({ lines, boxes }, now, selected) {
  const waiting = (i) => (now.hasValue(i) ? "" : "waiting");
  const running = (i) => (i === now.event.node ? now.event.kind : "");
  for (const line of lines) {
    const state = `${waiting(line.from)} ${running(line.to)}`;
    line.path.setAttribute("class", `line ${state}`);
    line.tip.setAttribute("class", `tip ${state}`);
    line.sent.setAttribute("class", `gradient ${running(line.to)}`);
    line.sent.textContent = line.shared && now.hasSent(line.to) ? sentTo(line.slot, line.to, now) : "";
  }
  for (const box of boxes) {
    const i = box.node;
    box.stem.setAttribute("class", `line ${waiting(i)}`);
    box.group.setAttribute("class", `box ${box.kind} ${waiting(i)} ${running(i)}`);
    box.group.setAttribute("aria-pressed", i === selected);
    box.group.setAttribute("aria-label", spoken(i, now));
    box.value.setAttribute("class", `value ${waiting(i)}`);
    box.value.textContent = valueLabel(i, now);
    box.gradient.textContent = gradientLabel(i, now);
  }
}

function valueLabel(i, now) {
  const text = now.hasValue(i) ? valueOf(i, now) : NOT_YET;
  return now.nodes[i].kind === "gate" && isNamed(now.nodes[i]) ? `${title(i, now)} = ${text}` : text;
}

function gradientLabel(i, now) {
  if (now.hasGradient(i)) return gradientOf(i, now);
  if (now.received[i].length > 1) return `…${PLUS}${NOT_YET}`;
  return now.received[i].length === 1 ? collected(i, now) : "";
}

function spoken(i, now) {
  const ahead = now.hasValue(i) ? `value ${valueOf(i, now)}` : "not run yet";
  const back = now.hasGradient(i) ? `, gradient ${gradientOf(i, now)}` : "";
  return `${now.nodes[i].kind} ${now.label[i]}, ${ahead}${back}`;
}

// ----------------------------------------------------------------------------------------------- the explanation

const paragraph = (...children) => html("p", {}, ...children);
const strong = (text) => html("b", {}, text);

// What the selected box has done so far, in words and numbers.
function explanation(i, now) {
  if (i === undefined) return [paragraph("Nothing has run yet. Step forward: the first gate computes its value.")];
  if (now.event.kind === "start" && now.event.node === i) return [firstSignal(title(i, now))];
  if (now.nodes[i].kind !== "gate") return [aboutInput(i, now), ...addition(i, now)];
  if (!now.hasValue(i)) return [paragraph(strong(now.label[i]), " has not run yet.")];
  const drawn = now.nodes[i].inputs.map((j, slot) => ({ j, slot })).filter(({ j }) => j in now.label);
  const forks = [...new Set(drawn.map(({ j }) => j))];
  const backward = now.hasSent(i)
    ? [...drawn.map(({ j, slot }) => equation(i, j, slot, now)), ...forks.flatMap((j) => addition(j, now))]
    : [ahead(i, drawn, now)];
  return [computed(i, drawn, now), ...backward];
}

function firstSignal(f) {
  const why = `, for ${f} moves just as ${f} does.`;
  return paragraph("The way back begins: ", strong(`∂${f}/∂${f}`), " = ", gradient("1.00"), why);
}

function aboutInput(i, now) {
  const line = paragraph(strong(title(i, now)), " = ", value(valueOf(i, now)));
  if (now.hasGradient(i)) line.append(", and its gradient is ", gradient(gradientOf(i, now)));
  return line;
}

// × of q = 3.00 and z = −4.00 gives f = −12.00
function computed(i, drawn, now) {
  const named = (j) => [isNamed(now.nodes[j]) ? `${title(j, now)} = ` : "", value(valueOf(j, now))];
  const operands = drawn.flatMap(({ j }, k) => [k ? " and " : "", ...named(j)]);
  return paragraph(strong(now.label[i]), " of ", ...operands, " gives ", ...named(i));
}

// The local derivatives are known as soon as a gate has run, long before its upstream arrives.
function ahead(i, drawn, now) {
  const derivatives = now.nodes[i].local;
  if (!derivatives || drawn.some(({ j }) => now.nodes[j].shape.length)) return "";
  const listed = drawn.flatMap(({ j, slot }, k) => {
    return [k ? ", " : "", local(number(derivatives[slot])), ` for ${title(j, now)}`];
  });
  const arrived = now.hasGradient(i) ? [" Its upstream has arrived: ", gradient(gradientOf(i, now)), "."] : [];
  return paragraph("Its local derivatives: ", ...listed, ".", ...arrived);
}

// to q: upstream 1.00 × local −4.00 = downstream −4.00
function equation(i, j, slot, now) {
  const derivatives = now.nodes[i].local;
  const times = derivatives ? [" × local ", local(contents(derivatives[slot]))] : [" → "];
  const summed = !derivatives || isSame(shapeOf(now.nodes[i].value), shapeOf(now.nodes[j].value)) ? "" : ", summed up,";
  const from = ["upstream ", gradient(gradientOf(i, now)), ...times, summed];
  return paragraph("to ", strong(title(j, now)), ": ", ...from, " = downstream ", gradient(sentTo(slot, i, now)));
}

function addition(i, now) {
  if (now.users[i].length < 2 || now.received[i].length === 0) return [];
  const total = now.hasGradient(i) ? [" = ", gradient(gradientOf(i, now))] : [", the rest is still to come"];
  const places = `${title(i, now)} is used in ${now.users[i].length} places, so what comes back is added: `;
  return [paragraph(places, gradient(collected(i, now)), ...total)];
}

// -------------------------------------------------------------------------------------------------- the controls

function sliderRow({ name, low, high, step }) {
  const range = html("input", { type: "range", min: low, max: high, step, "aria-label": name, ...KEEPS_ITS_KEYS });
  const output = html("output", { class: "value" });
  const show = (x) => {
    range.value = x;
    range.setAttribute("aria-valuetext", number(x));
    output.textContent = number(x);
  };
  return { name, range, show, row: html("label", {}, strong(name), range, output) };
}

function stage({ event, events, step }) {
  if (!event.kind) return "inputs only";
  if (event.kind === "start") return "the first signal";
  const pass = events.filter(({ kind }) => kind === event.kind);
  const done = events.slice(0, step).filter(({ kind }) => kind === event.kind);
  return `${event.kind} ${done.length} of ${pass.length}`;
}

// ------------------------------------------------------------------------------------------------------ one view

function render({ model, el }) {
  const life = new AbortController(); // its signal removes every listener
  const on = (element, type, listener) => element.addEventListener(type, listener, { signal: life.signal });
  let saving, playing, selected, drawing, events;

  const data = () => model.get("data");
  const last = () => timeline(data().trace).length;
  const message = html("p", { class: "message", role: "status" });
  const inputs = html("div", { class: "sliders" });
  const where = html("span", { class: "where" });
  const bar = html("span", { class: "events", "aria-hidden": "true" });
  const toolbar = html("div", { class: "toolbar", role: "group", "aria-label": "Steps" });
  const picture = html("div", { class: "picture" });
  const words = html("div", { class: "words" });
  const key = html("p", { class: "key" }, value("value"), " above a line, ", gradient("gradient"), " below");
  const running = html("div", {}, toolbar, picture, key, words);
  el.append(html("div", { class: "bplib-stepper" }, inputs, message, running));

  // ---- what the reader does

  function goTo(step) {
    words.setAttribute("aria-live", playing ? "off" : "polite");
    model.set("step", Math.max(0, Math.min(step, last())));
    model.save_changes();
  }

  function play() {
    if (model.get("step") >= last()) goTo(0);
    playing = setInterval(() => {
      goTo(model.get("step") + 1);
      if (model.get("step") >= last()) pause();
    }, PLAY_MS);
    setIcon(buttons.play, "pause", "Pause");
  }

  function pause() {
    clearInterval(playing);
    playing = undefined;
    setIcon(buttons.play, "play", "Play");
  }

  function reset() {
    model.set("inputs", Object.fromEntries(data().sliders.map(({ name, value }) => [name, value])));
    goTo(0);
  }

  function slide(name, x) {
    words.setAttribute("aria-live", "off"); // the slider itself speaks
    model.set("inputs", { ...model.get("inputs"), [name]: x });
    clearTimeout(saving);
    if (data().computes === "kernel") model.save_changes();
    else saving = setTimeout(() => model.save_changes(), SAVE_MS);
  }

  function select(i) {
    selected = i;
    words.setAttribute("aria-live", "polite");
    paint();
  }

  function button(name, label, action) {
    const element = html("button", { type: "button", class: name, ...KEEPS_ITS_KEYS });
    setIcon(element, name, label);
    on(element, "click", () => {
      if (name !== "play") pause();
      action();
    });
    toolbar.append(element);
    return element;
  }

  const buttons = {
    reset: button("reset", "Reset: the first inputs, nothing run", reset),
    back: button("back", "One step back", () => goTo(model.get("step") - 1)),
    play: button("play", "Play", () => (playing ? pause() : play())),
    forward: button("forward", "One step forward", () => goTo(model.get("step") + 1)),
    all: button("all", "Show all", () => goTo(last())),
  };
  toolbar.append(bar, where);

  // ---- what the reader sees

  const sliders = (data().sliders ?? []).map(sliderRow);
  inputs.append(...sliders.map(({ row }) => row));
  for (const { name, range } of sliders) on(range, "input", () => slide(name, range.valueAsNumber));

  function draw() {
    events = timeline(data().trace).map(({ kind }) => html("i", { class: kind }));
    bar.replaceChildren(...events);
    bar.style.setProperty("--events", events.length);
    drawing = figure(data());
    picture.replaceChildren(drawing.element);
    for (const { node, group } of drawing.boxes) {
      on(group, "click", () => select(node));
      on(group, "keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select(node);
      });
    }
  }

  function paint() {
    const { trace, computes } = data();
    const xs = model.get("inputs");
    for (const { name, show } of sliders) show(xs[name]);
    const nodes = computes === "browser" ? run(trace, xs) : trace?.nodes;
    message.textContent = data().message || undefinedPlace(nodes);
    message.hidden = !message.textContent;
    running.hidden = !message.hidden;
    if (running.hidden) return;

    const now = momentAfter(model.get("step"), nodes, data());
    const focus = selected ?? now.event.node;
    paintFigure(drawing, now, focus);
    words.replaceChildren(...explanation(focus, now));
    events.forEach((mark, i) => mark.classList.toggle("past", i < now.step));
    where.textContent = stage(now);
    follow(drawing.boxes.find(({ node }) => node === focus));
    buttons.back.setAttribute("aria-disabled", now.step === 0);
    buttons.forward.setAttribute("aria-disabled", now.step === events.length);
  }

  // On a narrow page the picture scrolls sideways: keep the box in question in sight.
  function follow(box) {
    const scale = picture.scrollWidth / data().picture.width;
    if (box) picture.scrollLeft = (box.x + box.w / 2) * scale - picture.clientWidth / 2;
  }

  const watched = {
    "change:inputs": paint,
    "change:step": () => {
      selected = undefined;
      paint();
    },
    "change:data": () => {
      if (data().trace && !isSame(data().picture, drawing?.picture)) draw();
      paint();
    },
  };
  const resized = new ResizeObserver(paint);
  watched["change:data"]();
  resized.observe(picture);
  for (const [name, listener] of Object.entries(watched)) model.on(name, listener);

  return () => {
    for (const [name, listener] of Object.entries(watched)) model.off(name, listener);
    life.abort();
    resized.disconnect();
    pause();
    clearTimeout(saving);
  };
}

// A slider may leave where a gate is defined: log of −1, 1 / 0.
function undefinedPlace(nodes) {
  const isBad = (x) => typeof x === "number" && !Number.isFinite(x);
  const node = nodes.find(({ value, gradient }) => isBad(value) || isBad(gradient));
  if (!node) return "";
  const [what, x] = isBad(node.value) ? ["value", node.value] : ["gradient", node.gradient];
  return `${node.symbol || node.name}: the ${what} is ${number(x)} here, and nothing goes on from that. Move a slider.`;
}

export default { render };
