// MLPWalker: a small network, layer by layer forward, and then back by the four equations.
//
// `data` comes from bplib/widgets/walker.py, its matrices with samples in rows. Here is what the reader does and sees;
// equations.js has the equations in letters, entries.js in numbers, quantity.js as tables; units.js draws the network.

import { gradient, html, messageFor, paragraph, reachable, value } from "./elements.js";
import { brief, spelled } from "./entries.js";
import { FORMS, keyOf, knownAfter, of, ruleRow, RULES, symbol } from "./equations.js";
import { player } from "./player.js";
import { quantityTable } from "./quantity.js";
import { indices } from "./table.js";
import { network } from "./units.js";
import { view } from "./view.js";

const WHAT_TO_DO =
  "Step through the network: forward to the cost C, then back by BP1 to BP4. Point at a symbol to see where it stands.";
const KEY = " in each unit; a dashed weight is negative. In a table of weights 1→ is from unit 1, →2 to unit 2.";
const HISTORY = ["z", "a", "delta", "db", "dW"];

function tableOfRules(equations) {
  const heads = ["as the book prints it", "as our code runs it, all of it transposed"];
  const head = html("tr", {}, html("td"), ...heads.map((text) => html("th", { scope: "col" }, text)));
  return html("table", { class: "rules" }, html("thead", {}, head), equations);
}

// Whatever shows the same quantity lights up together: in the picture, the equations and the tables.
function lightTogether({ root, on }) {
  function light(target) {
    const keys = target?.closest?.("[data-key]")?.dataset.key.split(" ") ?? [];
    for (const element of root.querySelectorAll("[data-key]")) {
      element.classList.toggle("lit", element.dataset.key.split(" ").some((key) => keys.includes(key)));
    }
  }
  on(root, "pointerover", ({ target }) => light(target));
  on(root, "pointerleave", () => light(document.activeElement));
  on(root, "focusin", ({ target }) => light(target));
  on(root, "focusout", () => light());
}

function build(life) {
  const { model, root, on, watch, whenResized } = life;
  const { message: problem, ...data } = model.get("data");
  const body = html("div");
  const message = messageFor(body);
  root.append(message.element, body);
  message.say(problem);
  if (problem) return;

  let [sample, chosen] = [0, [0, 0]];
  const form = () => model.get("form");
  const event = () => data.steps[model.get("step") - 1] ?? {};
  const steps = player(life, { last: () => data.steps.length });
  steps.mark(data.steps.map(({ kind }) => kind));
  const drawing = network(data);
  const picture = html("div", { class: "picture" }, drawing.element);
  whenResized(picture, () => reachable(picture));
  const key = html("p", { class: "key" }, value("a"), " above ", gradient("δ"), KEY);

  const equations = html("tbody");
  const rules = tableOfRules(equations);

  // ---- the tables

  function tableOf(part, layer, choose) {
    const { element, mark } = quantityTable(life, data, part, layer, form(), choose);
    mark(chosen);
    return { element, mark };
  }

  let result; // what the step has found: the table that entries are chosen from

  // An equation with a table in the place of each quantity, once for each.
  function inNumbers({ rule, layer }) {
    const seen = new Set();
    return RULES[rule][form()].map((part) => {
      if (typeof part === "string") return html("span", { class: "sign" }, part.trim());
      const key = keyOf(part, layer);
      if (seen.has(key)) return html("span", { class: "sign" }, symbol(part, form(), { layer }));
      seen.add(key);
      if (seen.size > 1) return tableOf(part, layer).element;
      result = tableOf(part, layer, choose);
      return result.element;
    });
  }

  const numbers = html("div", { class: "tables equation" });
  const words = html("div", { class: "words" });
  const history = html("div", { class: "history" });
  let soFar = [];

  function drawHistory() {
    soFar = indices(data.sizes.length - 1).map((l) => {
      const tables = HISTORY.map((what) => ({ key: `${what}${l + 1}`, ...tableOf(of(what), l + 1) }));
      const inRow = html("div", { class: "tables" }, ...tables.map(({ element }) => element));
      return { tables, element: html("div", {}, paragraph(`Layer ${l + 1}`), inRow) };
    });
    history.replaceChildren(...soFar.map(({ element }) => element));
  }

  // ---- what the reader does

  function choose(place) {
    chosen = place;
    result.mark(chosen);
    tell(event());
  }

  const radios = Object.entries(FORMS).map(([name, text]) => {
    const radio = html("input", { type: "radio", name: "form", value: name });
    on(radio, "change", () => {
      model.set("form", name);
      model.save_changes();
    });
    return html("label", {}, radio, text);
  });
  const samples = indices(data.samples).map((n) => html("option", { value: n }, `sample ${n + 1}`));
  const which = html("select", {}, ...samples);
  const picturing = html("label", { class: "picturing" }, "The picture shows", which);
  picturing.hidden = data.samples === 1;
  on(which, "change", () => {
    sample = Number(which.value);
    paint();
  });

  // ---- what the reader sees

  function tell(now) {
    const { says, finds } = RULES[now.rule];
    const { activation } = data.layers[now.layer];
    const isSloped = ["a", "delta"].some((what) => finds.includes(what));
    const sigma = activation ? ` Here σ is ${activation}.` : " Without an activation here, a is z and the slope is 1.";
    const isLast = now.rule === "forward" && now.layer === data.sizes.length - 1;
    const cost = isLast ? ` The cost is C = ${brief(data.cost)}.` : "";
    words.replaceChildren(
      paragraph(says, isSloped ? sigma : "", cost),
      paragraph(...spelled(now, chosen, data)),
    );
  }

  function paint() {
    for (const { firstChild: radio } of radios) radio.checked = radio.value === form();
    const [step, now] = [model.get("step"), event()];
    const known = knownAfter(step, data);
    drawing.paint(known, now, sample);
    equations.replaceChildren(...Object.keys(RULES).map((rule) => ruleRow(rule, now)));
    numbers.replaceChildren(...(now.rule ? inNumbers(now) : []));
    if (now.rule) tell(now);
    else words.replaceChildren(paragraph("Nothing has run yet. The next step is layer 1: its z, and a = σ(z)."));
    for (const { tables, element } of soFar) {
      for (const { key, element } of tables) element.hidden = !known.has(key);
      element.hidden = tables.every(({ element }) => element.hidden);
    }
    steps.paint(now.rule ? `${now.rule}, layer ${now.layer}` : "the start");
  }

  const forms = html("form", { class: "forms", role: "radiogroup", "aria-label": "Tables" }, ...radios);
  on(forms, "submit", (event) => event.preventDefault());
  body.append(paragraph(WHAT_TO_DO), steps.element, picturing, picture, key, rules, words, numbers, forms, history);
  lightTogether(life);
  drawHistory();
  paint();
  watch("change:form", () => {
    drawHistory();
    paint();
  });
  watch("change:step", () => {
    chosen = [0, 0];
    words.setAttribute("aria-live", steps.isPlaying() ? "off" : "polite");
    paint();
  });
}

export default { render: view("walker", build) };
