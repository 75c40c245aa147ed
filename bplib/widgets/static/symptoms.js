// Symptoms: what two training runs show, side by side. All runs come with `data`, from bplib/widgets/symptoms.py.

import { chart } from "./charts.js";
import { choiceOf } from "./choice.js";
import { html, messageFor, number, sliderRow, strong } from "./elements.js";
import { view } from "./view.js";

// What is written of a run: [words, the number at an epoch (counted from 0)].
const ROWS = [
  ["first loss", (run) => run.first],
  ["ln C", (run) => run["ln C"]],
  ["five samples by heart end at", (run) => run.five.at(-1)],
  ["loss", (run, k) => run.loss[k]],
  ["accuracy, known samples", (run, k) => run.accuracy[k]],
  ["accuracy, new samples", (run, k) => run.new[k]],
  ["size of dW1, as the epoch begins", (run, k) => run.W1[k]],
  ["size of dW2, as the epoch begins", (run, k) => run.W2[k]],
];

// What a first look at the numbers of a run says.
export function noticed(run) {
  const said = [];
  const unfinished = run.loss.includes(null) || run.five.includes(null);
  if (run.first === null || Math.abs(run.first - run["ln C"]) > 0.5) said.push("the first loss is far from ln C");
  if (unfinished) said.push("a number has run away");
  else if (run.five.at(-1) > 0.2) said.push("five samples are not learned");
  if (run.W1[0] !== null && run.W1[0] < 0.01 * run.W2[0]) said.push("the first layer is told next to nothing");
  if (!unfinished && run.accuracy.at(-1) - run.new.at(-1) > 0.05) said.push("new samples are read far worse than known ones");
  return said.length ? said.join("; ") : "nothing strikes the eye";
}

function build({ model, root, watch, on }) {
  const data = () => model.get("data");
  const message = messageFor(html("div"));
  root.append(message.element);
  message.say(data().message);
  if (data().message) return;

  const { runs, epochs } = data();
  const names = Object.fromEntries(Object.keys(runs).map((name) => [name, name]));

  function set(news) {
    for (const [name, x] of Object.entries(news)) model.set(name, x);
    model.save_changes();
  }

  const sides = ["left", "right"];
  const choices = sides.map((side) => choiceOf(on, side, names, (name) => set({ [side]: name })));
  const epoch = sliderRow({ name: "epoch", low: 1, high: epochs, step: 1 });
  on(epoch.range, "input", () => set({ epoch: epoch.range.valueAsNumber }));

  const charts = [
    [chart("loss", { logarithmic: true }), ["loss"]],
    [chart("accuracy, known and new"), ["accuracy", "new"]],
    [chart("size of dW1, dW2", { logarithmic: true }), ["W1", "W2"]],
    [chart("five samples by heart", { logarithmic: true }), ["five"]],
  ];
  const table = html("table", { class: "numbers" });
  const said = html("div", { class: "words", role: "status" });
  root.append(
    html("p", { class: "task" }, "Choose two runs, and look for the first number that differs: it tells where to measure."),
    ...choices.map(({ element }, k) => html("div", { class: "toolbar" }, strong(sides[k]), element)),
    html("div", { class: "sliders" }, epoch.row),
    html("div", { class: "plots" }, ...charts.map(([{ element }]) => element)),
    table,
    said,
  );

  function linesOf(parts, chosen) {
    const line = (part, name, k) => {
      const points = runs[name][part].map((y, i) => [i + 1, y]);
      const at = part === "five" ? points.length - 1 : model.get("epoch") - 1;
      const label = parts.length > 1 ? `${sides[k]} ${part}` : sides[k];
      return { name: label, role: k ? "gradient" : "value", dash: parts.indexOf(part), points, now: number(points[at][1]) };
    };
    return chosen.flatMap((name, k) => parts.map((part) => line(part, name, k)));
  }

  function paint() {
    const chosen = sides.map((side) => model.get(side));
    choices.forEach((choice, k) => choice.show(chosen[k]));
    epoch.show(model.get("epoch"), `${model.get("epoch")}`);
    for (const [{ paint: draw }, parts] of charts) {
      const lines = linesOf(parts, chosen);
      draw(lines, lines[0].points.length, `: ${chosen.join(" and ")}`);
    }
    const cell = (name, value) => html("td", {}, number(value(runs[name], model.get("epoch") - 1)));
    table.replaceChildren(
      html("tr", {}, html("th", {}, "at this epoch"), ...chosen.map((name) => html("th", {}, name))),
      ...ROWS.map(([words, value]) => html("tr", {}, html("th", {}, words), ...chosen.map((name) => cell(name, value)))),
    );
    said.replaceChildren(...chosen.map((name) => html("p", {}, strong(name), `: ${noticed(runs[name])}.`)));
  }

  for (const name of ["left", "right", "epoch"]) watch(`change:${name}`, paint);
  paint();
}

export default { render: view("symptoms", build) };
