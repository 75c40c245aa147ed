// The TrainingView: a network learns in Python, and the reader watches, stops it, slows it down and spoils it.
//
// Python (bplib/widgets/training.py) sends what has happened since a step, and the moment as it is:
//   {since, histogram}, and as bytes: float32 rows [loss, norms…] of the steps, float32 rows of the epochs,
//   and the probabilities of classes, 0 to 255, for every point of the plane or every image.

import { bars, chart, thinned } from "./charts.js";
import { button, html, messageFor, number, paragraph, setIcon, strong } from "./elements.js";
import { SIGHTS } from "./sights.js";
import { view } from "./view.js";

const PATIENCE_MS = 3000; // and then who waits is told why: a notebook that is opened again has no Python behind it
const SILENT = "Python does not know this network any more, or is busy: run its cell again.";

function build({ model, root, on, watch, atEnd }) {
  const data = model.get("data");
  const body = html("div");
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(data.message);
  if (data.message) return;

  const steps = []; // [step, loss, norm of the first weights' gradient, …]
  let epochs = []; // [step, training loss, accuracy, validation loss, accuracy]
  let moment;
  let frame;
  let silent = "";
  const ask = (wish) => model.send({ do: wish });

  // ---- what the reader does

  const control = (icon, label, word, action) => {
    const element = button({ class: icon });
    setIcon(element, icon, label);
    element.append(word);
    on(element, "click", action);
    return element;
  };
  const rest = () => data.inAnEpoch - (steps.length % data.inAnEpoch);
  const buttons = [
    control("reset", "Begin again", "", () => ask("begin")),
    control("play", "Play", "", () => ask(model.get("playing") ? "pause" : "play")),
    control("forward", "One step", " step", () => ask(1)),
    control("all", "One epoch", " epoch", () => ask(rest())),
  ];
  const where = html("span", { class: "where" });
  const toolbar = html("div", { class: "toolbar", role: "group", "aria-label": "Training" }, ...buttons, where);

  const choose = (trait, options, label) => {
    const select = html("select", { "aria-label": label });
    select.append(...options.map((option) => html("option", { value: option }, option)));
    const show = () => (select.value = model.get(trait));
    on(select, "change", () => (model.set(trait, select.value), model.save_changes()));
    watch(`change:${trait}`, show);
    show();
    return select;
  };
  const shown = choose("shown", data.seen, "what the histogram shows");
  const start = html("label", {}, strong("weights begin"), choose("initialise", data.beginnings, "weights begin"));
  const rate = data.rates && rateSlider({ model, on, watch }, data.rates);
  const controls = html("div", { class: "sliders" }, ...(rate ? [rate] : []), start);

  // ---- what the reader sees

  const hint = paragraph("Press play. While it learns, move the learning rate, or let the weights begin badly.");
  const notice = html("p", { class: "message", role: "status" });
  const sight = SIGHTS[data.picture.kind](data.picture);
  const loss = chart("loss", { logarithmic: true });
  const accuracy = chart("accuracy");
  const norms = chart("size of the gradients", { logarithmic: true });
  const histogram = bars("numbers", shown);
  const figures = [loss, accuracy, norms, histogram].map(({ element }) => element);
  if (sight) {
    const caption = html("figcaption", {}, strong(sight.title));
    figures.unshift(html("figure", { class: "sight" }, caption, sight.area));
  }
  body.append(hint, controls, toolbar, notice, html("div", { class: "plots" }, ...figures));

  // Training and, where there are held-out samples, validation: column i and i + 2 of the epochs.
  function twoLines(rows, i) {
    const line = (name, role, dash, i) => ({ name, role, dash, points: column(rows, i), now: epochs.at(-1)[i] });
    const training = line("training", "value", 0, i);
    return data.validates ? [training, line("validation", "ink", 1, i + 2)] : [training];
  }

  function paint() {
    frame = undefined;
    const last = steps.length;
    const spoken = (lines) => lines.map(({ name, now }) => `, ${name} ${number(now)}`).join("");
    const [ofSteps, ofEpochs] = [steps, epochs].map(thinned);
    const [losses, shares] = [1, 2].map((i) => twoLines(ofEpochs, i));
    const sizes = data.weights.map((name, k) => {
      const now = steps.length ? steps.at(-1)[k + 2] : null;
      return { name, role: "gradient", dash: k, points: column(ofSteps, k + 2), now };
    });
    loss.paint([{ name: "each step", role: "faint", points: column(ofSteps, 1) }, ...losses], last, spoken(losses));
    accuracy.paint(shares, last, spoken(shares));
    norms.paint(sizes, last, spoken(sizes));
    const what = model.get("shown");
    histogram.paint(moment.histogram, what.startsWith("gradient") ? "gradient" : "value", what);
    sight?.paint(moment.said, spoken(shares).replace(",", ", accuracy:"));
    where.textContent = `step ${last}, epoch ${(last / data.inAnEpoch).toFixed(1)}`;
  }

  // Pictures are made no faster than the screen shows them.
  function hear({ since, histogram }, [ofSteps, ofEpochs, ofPicture]) {
    if (since > steps.length) return ask("all"); // something was missed
    steps.length = since;
    for (const row of rows(ofSteps, 1 + data.weights.length)) steps.push([steps.length + 1, ...row]);
    epochs = [...epochs.filter(([step]) => step < since), ...rows(ofEpochs, 5)];
    moment = { histogram, said: new Uint8Array(ofPicture.buffer, ofPicture.byteOffset, ofPicture.byteLength) };
    frame ??= requestAnimationFrame(paint);
    silent = "";
    showState();
  }

  function showState() {
    const playing = model.get("playing");
    setIcon(buttons[1], playing ? "pause" : "play", playing ? "Pause" : "Play");
    notice.textContent = model.get("notice") || silent;
    notice.hidden = !notice.textContent;
    for (const element of buttons.slice(1)) element.setAttribute("aria-disabled", !notice.hidden);
  }

  function tellOfSilence() {
    silent = moment ? "" : SILENT;
    showState();
  }

  watch("msg:custom", hear);
  watch("change:playing", showState);
  watch("change:notice", showState);
  atEnd(() => cancelAnimationFrame(frame));
  atEnd(() => model.get("playing") && ask("pause"));
  const waiting = setTimeout(tellOfSilence, PATIENCE_MS);
  atEnd(() => clearTimeout(waiting));
  showState();
  ask("all");
}

const column = (rows, i) => rows.map((row) => [row[0], row[i]]);

function rows(bytes, width) {
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return Array.from({ length: numbers.length / width }, (_, i) => [...numbers.subarray(i * width, (i + 1) * width)]);
}

// The learning rate on a scale of powers of ten.
function rateSlider({ model, on, watch }, [low, high]) {
  const range = html("input", { type: "range", min: low, max: high, step: 0.05, "aria-label": "learning rate" });
  const output = html("output");
  const show = () => {
    range.value = Math.log10(model.get("lr"));
    output.textContent = number(model.get("lr"));
    range.setAttribute("aria-valuetext", output.textContent);
  };
  on(range, "input", () => {
    model.set("lr", Number((10 ** range.valueAsNumber).toPrecision(2)));
    model.save_changes();
  });
  watch("change:lr", show);
  show();
  return html("label", {}, strong("learning rate"), range, output);
}

export default { render: view("training", build) };
