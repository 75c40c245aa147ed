// SlidingKernel: a kernel over an image, place after place; an output lights the patch and the weights that it used,
// and on the way back every place adds its share to both.
//
// `data` comes from bplib/widgets/sliding.py; the numbers are computed here, in `slid`, as Python does.

import { gradient, html, messageFor, paragraph, sliderRow, strong, value, writer } from "./elements.js";
import { player } from "./player.js";
import { indices, products, table } from "./table.js";
import { view } from "./view.js";

const zeros = (n, m) => indices(n).map(() => new Array(m).fill(0));

function padded(X, padding) {
  const [n, m] = [X.length + 2 * padding, X[0].length + 2 * padding];
  return indices(n).map((i) => indices(m).map((j) => X[i - padding]?.[j - padding] ?? 0));
}

// Every table when the first `step` places have sent something back; X and dX with their padding.
export function slid({ X: image, K, dY: given }, { stride, padding, step }) {
  const X = padded(image, padding);
  const [h, w] = [K.length, K[0].length];
  const [P, Q] = [Math.floor((X.length - h) / stride) + 1, Math.floor((X[0].length - w) / stride) + 1];
  const dY = indices(P).map((i) => indices(Q).map((j) => given[i % given.length][j % given[0].length]));
  const [Y, dK, dX] = [zeros(P, Q), zeros(h, w), zeros(X.length, X[0].length)];
  for (const n of indices(P * Q)) {
    const [i, j] = [Math.floor(n / Q), n % Q];
    for (const k of indices(h)) {
      for (const l of indices(w)) {
        const [r, c] = [i * stride + k, j * stride + l];
        Y[i][j] += X[r][c] * K[k][l];
        if (n >= step) continue;
        dK[k][l] += dY[i][j] * X[r][c];
        dX[r][c] += dY[i][j] * K[k][l];
      }
    }
  }
  return { X, K, Y, dY, dK, dX };
}

// The place that has been the last to send something back, or nothing.
const placeOf = (step, Y) => (step ? [Math.floor((step - 1) / Y[0].length), (step - 1) % Y[0].length] : undefined);

function explanation({ X, K, Y, dY }, place, stride) {
  const many = Y.length * Y[0].length;
  const weights = K.length * K[0].length;
  if (!place) {
    const task = "Choose an entry of Y, or step forward: what did it see, and what does it send back?";
    return [paragraph(`Each of the ${many} places uses the same ${weights} weights. `, task)];
  }
  const [i, j] = place;
  const at = `[${i}, ${j}]`;
  const text = (values) => writer(values)(values[i][j]);
  const pairs = K.flatMap((row, k) => row.map((weight, l) => [X[i * stride + k][j * stride + l], weight]));
  const sum = products(pairs, [value, value]);
  const sent = () => gradient(text(dY));
  return [
    paragraph(strong(`Y${at}`), " = Σ window · K = ", ...sum, " = ", value(text(Y)), "."),
    paragraph(strong(`dY${at}`), " = ", sent(), ". It adds ", sent(), " · K to its window in dX, ", sent(), " · window to dK."),
    paragraph("Where windows overlap, and at every weight, shares add up."),
  ];
}

function build(life) {
  const { model, root, on, watch } = life;
  const data = model.get("data");
  const body = html("div", {});
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(data.message);
  if (data.message) return;

  let tables;
  const now = () => ({ stride: model.get("stride"), padding: model.get("padding"), step: model.get("step") });
  const placesOf = ({ Y }) => Y.length * Y[0].length;

  function set(news) {
    for (const [name, x] of Object.entries(news)) model.set(name, x);
    model.save_changes();
  }

  const stride = sliderRow({ name: "stride", low: 1, high: data.strides, step: 1 });
  const padding = sliderRow({ name: "padding", low: 0, high: data.paddings, step: 1 });
  on(stride.range, "input", () => set({ step: 0, stride: stride.range.valueAsNumber }));
  on(padding.range, "input", () => set({ step: 0, padding: padding.range.valueAsNumber }));
  const controls = player(life, { last: () => placesOf(slid(data, now())) });
  const ahead = html("div", { class: "tables" });
  const back = html("div", { class: "tables" });
  const words = html("div", { class: "words", "aria-live": "polite" });
  const sliders = html("div", { class: "sliders" }, stride.row, padding.row);
  body.append(sliders, ahead, words, back, controls.element);

  function draw() {
    const numbers = slid(data, now());
    const pad = now().padding;
    const inside = (n) => indices(n).map((i) => (i < pad || i >= n - pad ? "·" : i - pad));
    const [n, m] = [numbers.X.length, numbers.X[0].length];
    const choose = (i, j) => set({ step: i * numbers.Y[0].length + j + 1 });
    const tableOf = (name, caption, role, options = {}) => {
      const shape = [numbers[name].length, numbers[name][0].length];
      return table(life, { name: caption, role, rows: indices(shape[0]), columns: indices(shape[1]), ...options });
    };
    const frame = { rows: inside(n), columns: inside(m) };
    const around = pad ? ", padded" : "";
    tables = {
      X: tableOf("X", `X${around}`, "value", frame),
      K: tableOf("K", "K, the kernel", "value"),
      Y: tableOf("Y", "Y", "value", { choose }),
      dY: tableOf("dY", "dY, the upstream", "gradient", { choose }),
      dK: tableOf("dK", "dK so far", "gradient"),
      dX: tableOf("dX", `dX so far${around}`, "gradient", frame),
    };
    ahead.replaceChildren(...["X", "K", "Y"].map((name) => tables[name].element));
    back.replaceChildren(...["dY", "dK", "dX"].map((name) => tables[name].element));
    controls.mark(indices(placesOf(numbers)).map(() => "backward"));
    paint();
  }

  function paint() {
    const state = now();
    const numbers = slid(data, state);
    const place = placeOf(Math.min(state.step, placesOf(numbers)), numbers.Y);
    const corner = place?.map((i) => i * state.stride);
    const inWindow = (i, j) => {
      const [r, c] = place ? [i - corner[0], j - corner[1]] : [-1, -1];
      return r >= 0 && c >= 0 && r < data.K.length && c < data.K[0].length;
    };
    const all = () => Boolean(place);
    const lit = { X: inWindow, dX: inWindow, K: all, dK: all };
    for (const [name, { paint }] of Object.entries(tables)) paint(numbers[name], { chosen: place, lit: lit[name] });
    stride.show(state.stride, String(state.stride));
    padding.show(state.padding, String(state.padding));
    words.replaceChildren(...explanation(numbers, place, state.stride));
    controls.paint(`${Math.min(state.step, placesOf(numbers))} of ${placesOf(numbers)} places have sent back`);
  }

  draw();
  watch("change:step", paint);
  watch("change:stride", draw);
  watch("change:padding", draw);
}

export default { render: view("sliding", build) };
