// DeepSignals: a deep network at its start, values forth and gradients back, while depth and scale move.
//
// `data` comes from bplib/widgets/deep.py; the numbers are computed here, by signals.js.

import { choiceOf } from "./choice.js";
import { html, messageFor, number, paragraph, sliderRow, svg } from "./elements.js";
import { plot, polyline } from "./plot.js";
import { drawnFor, signals } from "./signals.js";
import { view } from "./view.js";

const REPORT_MS = 150; // what rests this long is reported to Python
const [BARS, MOST_TICKS, LEAST] = [31, 6, 1e-300];

const share = (x) => `${Math.round(100 * x)}\u202f%`;
const powerOf = (size) => Math.log10(Math.max(size, LEAST));

// The whole powers of ten around all sizes, two apart at least.
function powersAround(sizes) {
  const powers = sizes.map(powerOf);
  const low = Math.floor(Math.min(...powers));
  return [low, Math.max(Math.ceil(Math.max(...powers)), low + 2)];
}

function ticksOf([low, high]) {
  const every = Math.ceil((high - low) / MOST_TICKS);
  const powers = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => low + i * every);
  return powers.map((power) => [power, `1e${power}`.replace("-", "−")]);
}

// One size over the layers, and a thin line at the layer whose values are counted.
function overLayers(label, sizes, role, layer) {
  const y = powersAround(sizes);
  const x = [1, sizes.length];
  const axes = { x, y, xTicks: x.map((at) => [at, `${at}`]), yTicks: ticksOf(y) };
  return plot(label, axes, (scales) => [
    polyline([[layer, y[0]], [layer, y[1]]], "faint", scales),
    polyline(sizes.map((size, k) => [k + 1, powerOf(size)]), role, scales),
  ]);
}

// How many of the values lie where.
export function counted(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const width = (high - low) / BARS || 1;
  const counts = new Array(BARS).fill(0);
  for (const x of values) counts[Math.min(BARS - 1, Math.floor((x - low) / width))] += 1;
  return { low, high: high > low ? high : low + 1, width, counts };
}

function barsOf(label, values) {
  const { low, high, width, counts } = counted(values);
  const bar = ([across, up]) => (count, i) => {
    const size = { width: across(low + width) - 1, height: up(0) - up(count) };
    return svg("rect", { class: "value", x: across(low + i * width), y: up(count), ...size });
  };
  const axes = { x: [low, high], y: [0, Math.max(...counts)], xTicks: [low, high].map((x) => [x, number(x)]), yTicks: [] };
  return plot(label, axes, (scales) => counts.map(bar(scales)));
}

function build({ model, root, on, watch, atEnd }) {
  const data = () => model.get("data");
  const message = messageFor(html("div"));
  root.append(message.element);
  message.say(data().message);
  if (data().message) return;

  const { activations, scales, depths } = data();
  const drawn = drawnFor(data());
  let reporting, painting;

  // ---- what the reader does

  function set(news) {
    for (const [name, x] of Object.entries(news)) model.set(name, x);
    clearTimeout(reporting);
    reporting = setTimeout(() => model.save_changes(), REPORT_MS);
  }

  const names = Object.fromEntries(Object.keys(activations).map((name) => [name, name.replace("_", " ")]));
  const choice = choiceOf(on, "activation", names, (activation) => set({ activation }));
  const scale = sliderRow({ name: "scale", low: 0, high: scales.length - 1, step: 1 });
  const depth = sliderRow({ name: "depth", low: depths[0], high: depths[1], step: 1 });
  const layer = sliderRow({ name: "layer", low: 1, high: depths[1], step: 1 });
  on(scale.range, "input", () => set({ scale: scales[scale.range.valueAsNumber] }));
  on(depth.range, "input", () => {
    const deep = depth.range.valueAsNumber;
    set({ depth: deep, layer: Math.min(model.get("layer"), deep) });
  });
  on(layer.range, "input", () => set({ layer: layer.range.valueAsNumber }));

  // ---- what the reader sees

  const places = ["forth", "back", "counts"].map(() => html("div"));
  const captions = places.map(() => html("figcaption"));
  const figures = places.map((place, k) => html("figure", {}, captions[k], place));
  const said = html("div", { class: "words", role: "status" });
  const task = "Choose an activation, then move the scale until both curves lie flat. Then make it deeper.";
  root.append(
    html("p", { class: "task" }, task),
    html("div", { class: "toolbar" }, choice.element),
    html("div", { class: "sliders" }, scale.row, depth.row, layer.row),
    html("div", { class: "plots" }, ...figures),
    said,
  );

  function paint() {
    const now = { activation: model.get("activation"), scale: model.get("scale"), depth: model.get("depth") };
    const at = Math.min(model.get("layer"), now.depth);
    choice.show(now.activation);
    scale.show(scales.indexOf(now.scale), number(now.scale));
    depth.show(now.depth, `${now.depth}`);
    layer.range.max = now.depth;
    layer.show(at, `${at}`);

    const { layers, values } = signals(data(), drawn, now);
    const [first, last] = [layers[0], layers.at(-1)];
    captions[0].replaceChildren(html("b", {}, "forth"), " spread of the values, layer by layer");
    captions[1].replaceChildren(html("b", {}, "back"), " size of dW, layer by layer");
    captions[2].replaceChildren(html("b", {}, `layer ${at}`), ` values; ${share(layers[at - 1].shut)} let nothing back`);
    const forth = `Spread of the values from ${number(first.spread)} in layer 1 to ${number(last.spread)} in layer ${now.depth}`;
    const back = `Size of dW from ${number(last.gradient)} in layer ${now.depth} to ${number(first.gradient)} in layer 1`;
    places[0].replaceChildren(overLayers(forth, layers.map(({ spread }) => spread), "value", at));
    places[1].replaceChildren(overLayers(back, layers.map(({ gradient }) => gradient), "gradient", at));
    places[2].replaceChildren(barsOf(`How many values of layer ${at} lie where`, values[at - 1]));
    said.replaceChildren(paragraph(`${forth}.`), paragraph(`${back}: ${verdictOn(layers)}.`));
  }

  // A slider may move faster than the numbers come.
  function soon() {
    cancelAnimationFrame(painting);
    painting = requestAnimationFrame(paint);
  }

  for (const name of ["activation", "scale", "depth", "layer"]) watch(`change:${name}`, soon);
  atEnd(() => {
    clearTimeout(reporting);
    cancelAnimationFrame(painting);
  });
  paint();
}

// What the gradients say, from the last layer to the first.
export function verdictOn(layers) {
  const [first, last] = [layers[0].gradient, layers.at(-1).gradient];
  if (Math.max(first, last) < 1e-4) return "every layer starves, the last one too";
  if (Math.min(first, last) > 100) return "every layer is flooded";
  if (first < last / 100) return "the signal vanishes on its way back";
  if (first > last * 100) return "the signal explodes on its way back";
  return "every layer is told how to move";
}

export default { render: view("deep", build) };
