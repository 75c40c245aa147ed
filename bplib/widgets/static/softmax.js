// SoftmaxLoss: scores with sliders, the y that softmax makes of them, and the gradient y − t that pushes them.
//
// The row of scores z, the true class t and the shift c live in the model, so that Python and every view agree.

import { gradient, html, messageFor, number, paragraph, sliderRow, strong, value } from "./elements.js";
import { table } from "./table.js";
import { view } from "./view.js";

// ------------------------------------------------------------------------------------- the arithmetic, for one row

const sum = (xs) => xs.reduce((a, b) => a + b, 0);

// As the formula says: overflows from e^710 on.
export function naiveSoftmax(z) {
  const e = z.map(Math.exp);
  return e.map((x) => x / sum(e));
}

// The same y, and the largest exponent is 0.
export const softmax = (z) => naiveSoftmax(lowered(z));

const lowered = (z) => z.map((x) => x - Math.max(...z));

// −log yₜ, taken before y can round to 0.
export function softmaxLoss(z, t) {
  const low = lowered(z);
  const loss = Math.log(sum(low.map(Math.exp))) - low[t];
  return { loss, gradient: softmax(z).map((y, i) => y - (i === t)) };
}

// What becomes of both with −log(yₜ + ε): where yₜ is far below ε, hardly anything.
export function guardedLoss(z, t, epsilon = 1e-7) {
  const y = softmax(z)[t];
  const kept = y / (y + epsilon);
  return { loss: -Math.log(y + epsilon), gradient: softmaxLoss(z, t).gradient.map((push) => push * kept) };
}

// Four decimals, so that a sum of them can be followed; what would be 0.0000 is written as small as it is.
function four(x) {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || (size > 1e-15 && size < 5e-5)) return number(x);
  return `${x <= -5e-5 ? "−" : ""}${size.toFixed(4)}`;
}

const added = (xs) => xs.map(four).reduce((text, x) => text + (x.startsWith("−") ? ` − ${x.slice(1)}` : ` + ${x}`));

const subscript = (i) => String.fromCodePoint(0x2080 + i);

// -------------------------------------------------------------------------------------------------------- examples

const NARROW = 15; // where the sliders end
const WIDE = 1500;

const EXAMPLES = [
  { name: "sure and right", z: [0, 4.6, -6], t: 1, c: 0 },
  { name: "sure and wrong", z: [0, -6, 4.6], t: 1, c: 0 },
  { name: "equal scores", z: [0, 0, 0], t: 1, c: 0 },
  { name: "too large: 1010, 1000, 990", z: [10, 0, -10], t: 1, c: 1000 },
  { name: "a tiny y: 12, 0, −12", z: [12, 0, -12], t: 2, c: 0 },
];

// ----------------------------------------------------------------------------------------------- the row of a class

const small = (text) => html("span", { class: "unit" }, text);
const labelled = (...parts) => html("label", {}, ...parts);

// y 0.2452, and a bar as long
function amount(name, role, signed = "") {
  const bar = html("i", { class: "bar" });
  const text = html("span", { class: role });
  const track = html("span", { class: `track ${signed}` }, bar);
  const element = html("div", { class: `amount ${role}` }, small(name), track, text);

  function paint(x) {
    bar.style.width = `${(signed ? 50 : 100) * Math.abs(x)}%`;
    bar.classList.toggle("negative", x < 0);
    text.textContent = four(x);
  }
  return { element, paint };
}

function classRow(i) {
  const slider = sliderRow({ name: `z${subscript(i)}`, low: -NARROW, high: NARROW, step: NARROW / 150 });
  const spoken = { "aria-label": `class ${i} is true` };
  const target = html("input", { type: "radio", name: "target", ...spoken });
  const y = amount("y", "value");
  const push = amount("y − t", "gradient", "signed");
  const way = small("");
  const parts = [labelled(target, `class ${i}`), slider.row, y.element, push.element, way];
  const element = html("div", { class: "class", role: "group", "aria-label": `class ${i}` }, ...parts);

  function paint(now) {
    slider.show(now.z[i]);
    target.checked = i === now.t;
    y.paint(now.y[i]);
    push.paint(now.gradient[i]);
    way.textContent = i === now.t ? "↑ pulled up" : "↓ pushed down";
  }
  return { element, slider, target, paint };
}

// ------------------------------------------------------------------------------------------------------- the words

const BOTH_ADD_UP_TO_1 = " y and t each add up to 1, so y − t adds up to 0: ";

function told({ t, y, loss, gradient: pushes }) {
  return [
    paragraph(strong("Loss"), ` −log y${subscript(t)} = −log `, value(four(y[t])), " = ", value(four(loss))),
    paragraph(strong("Balance"), BOTH_ADD_UP_TO_1, gradient(added(pushes)), " = 0"),
  ];
}

function naively(z, naive) {
  const total = sum(z.map(Math.exp));
  if (naive.every(Number.isFinite)) return "Both ways give the same y. Let c grow to 1000 and look again.";
  const broken = `${number(total)} / ${number(total)}`;
  return `Naively, Σ eᶻ is ${number(total)}, and ${broken} is nan. With the largest score at 0 no power exceeds 1.`;
}

const isHidden = ({ y, t }) => y[t] < 1e-6;

function guarded(now, guard) {
  const [own, truth] = [guard.gradient[now.t], now.gradient[now.t]].map(number);
  const verdict = isHidden(now)
    ? `y${subscript(now.t)} is ${number(now.y[now.t])}, and 1e−7 hides it: what is most wrong hardly learns.`
    : "Here 1e−7 does no harm. Let the true class have a score far below the others.";
  return [`Loss ${four(guard.loss)} in place of ${four(now.loss)}, pull ${own} in place of ${truth}. `, verdict];
}

function section(title, ...content) {
  return html("details", {}, html("summary", {}, title), ...content);
}

// ------------------------------------------------------------------------------------------------------ one view

function build(life) {
  const { model, root, on, watch } = life;
  const { message: problem, start } = model.get("data");
  const names = model.get("z").map((_, i) => `class ${i}`);
  const rows = names.map((_, i) => classRow(i));

  const examples = [{ name: "the start", ...start }, ...EXAMPLES].filter(({ z }) => z?.length === names.length);
  const choice = html("select", {}, ...examples.map(({ name }, i) => html("option", { value: i }, name)));
  const wide = html("input", { type: "checkbox" });
  const shift = sliderRow({ name: "c", low: -NARROW, high: NARROW, step: NARROW / 150 });
  const shifted = html("p", { class: "unit" });

  const words = html("div", { class: "words" });

  const numbersOf = (name, columns, role = "value") => table(life, { name, role, rows: names, columns });
  const naive = numbersOf("naive", ["z", "eᶻ", "eᶻ / Σ"]);
  const stable = numbersOf("stable", ["z − max", "eᶻ⁻ᵐᵃˣ", "/ Σ"]);
  const verdict = html("p");
  const overflow = section(
    "Naive or stable: how a computer gets y",
    html("div", { class: "tables" }, naive.element, stable.element),
    verdict,
  );
  const guard = numbersOf("gradient of", ["−log yₜ", "−log(yₜ + 1e−7)"], "gradient");
  const trap = html("p");
  const logarithm = section("log(y + 1e−7): a guard that hides the worst mistakes", guard.element, trap);

  const form = html(
    "form",
    {},
    paragraph("Move a score z or choose another true class: the gradient y − t says how learning moves each score."),
    html("div", { class: "classes" }, ...rows.map(({ element }) => element)),
    html("div", { class: "sliders" }, shift.row, labelled(wide, "sliders to ±1500"), labelled("Try", choice)),
    shifted,
    words,
    overflow,
    logarithm,
  );
  const message = messageFor(form);
  root.append(message.element, form);
  message.say(problem);
  if (problem) return;

  // ---- what the reader does

  const speak = (aloud) => words.setAttribute("aria-live", aloud ? "polite" : "off");

  function set(change, aloud = true) {
    speak(aloud);
    for (const [name, x] of Object.entries(change)) model.set(name, x);
  }

  const replaced = (z, i, x) => z.map((old, k) => (k === i ? x : old));

  rows.forEach(({ slider, target }, i) => {
    on(slider.range, "input", () => set({ z: replaced(model.get("z"), i, slider.range.valueAsNumber) }, false));
    on(target, "change", () => set({ t: i }));
  });
  on(shift.range, "input", () => set({ c: shift.range.valueAsNumber }, false));
  on(form, "change", () => model.save_changes());
  on(form, "submit", (event) => event.preventDefault());
  on(wide, "change", () => (reach(), paint()));
  on(choice, "change", () => {
    const { z, t, c } = examples[choice.value];
    set({ z, t, c });
    openWhatMatters();
  });

  // ---- what the reader sees

  const now = () => {
    const [z, t, c] = ["z", "t", "c"].map((name) => model.get(name));
    const scores = z.map((x) => x + c);
    return { z, t, c, scores, y: softmax(scores), ...softmaxLoss(scores, t) };
  };

  function reach() {
    const end = wide.checked ? WIDE : NARROW;
    for (const { range } of [shift, ...rows.map(({ slider }) => slider)])
      Object.assign(range, { min: -end, max: end, step: end / 150 });
  }

  function openWhatMatters() {
    const moment = now();
    const { scores, z, c } = moment;
    wide.checked = Math.max(...[...z, c].map(Math.abs)) > NARROW;
    reach();
    paint();
    overflow.open = !naiveSoftmax(scores).every(Number.isFinite);
    logarithm.open = isHidden(moment);
  }

  function paint() {
    const moment = now();
    const { scores, c, y } = moment;
    for (const row of rows) row.paint(moment);
    shift.show(c);
    shifted.textContent = `c is added to every score: ${scores.map(number).join(", ")}. All of y stays as it is.`;
    words.replaceChildren(...told(moment));

    const [plain, low] = [naiveSoftmax(scores), lowered(scores)];
    naive.paint(scores.map((x, i) => [x, Math.exp(x), plain[i]]));
    stable.paint(low.map((x, i) => [x, Math.exp(x), y[i]]));
    verdict.textContent = naively(scores, plain);
    const hidden = guardedLoss(scores, moment.t);
    guard.paint(moment.gradient.map((x, i) => [x, hidden.gradient[i]]));
    trap.replaceChildren(...guarded(moment, hidden));
  }

  openWhatMatters();
  for (const name of ["z", "t", "c"]) watch(`change:${name}`, paint);
}

export default { render: view("softmax", build) };
