// Guess first: what a gate sends back stays hidden until the reader has said what it will be. A guess that is not
// right is compared with what the usual slips would have given.

import { button, gradient, html, isSame, number, shapeOf, strong, written } from "./elements.js";
import { gradientOf, title } from "./moments.js";
import { operation } from "./operations.js";

const NOTHING_TOLD = { told: 0, tried: false, shaped: false };
const ALL = 99; // more than any gate has operands

// As a reader types it: a comma or a point, a hyphen or a minus.
export const typed = (text) => (text.trim() ? Number(text.trim().replace(",", ".").replace("−", "-")) : NaN);

// Right to two digits, for the numbers shown are rounded as well.
const isNear = (guess, x) => Math.abs(guess - x) <= 0.02 * Math.abs(x) || number(guess) === number(x);

// The usual slips: what each of them gives, and what to say then. A question holds, for every operand of a gate, its
// name, its local derivative (some rules have none) and what goes to it; `slot` is the operand that was asked for.
function slips({ upstream, downstream, locals, slot, names }) {
  const sign = [-downstream[slot], "The size is right, the sign is not."];
  if (!locals) return [sign];
  return [
    sign,
    [locals[slot], "That is the local derivative: the upstream is still to be multiplied by it."],
    [upstream, "That is the upstream: it is still to be multiplied by the local derivative."],
    [upstream + locals[slot], "Upstream and local derivative are multiplied, not added."],
    ...locals.map((local) => [upstream * local, `That goes to another input, not to ${names[slot]}.`]),
  ];
}

// {right, says} of a guess, for a question of a shape, of one entry of an array, or of a number.
export function judge(text, question) {
  if (question.asks === "shape") return judgeShape(text.match(/\d+/g)?.map(Number) ?? [], question);
  const guess = typed(text);
  if (Number.isNaN(guess)) return { right: false, says: "Type a number, such as −0.5." };
  if (isNear(guess, question.answer)) return { right: true, says: "Right." };
  return { right: false, says: question.asks === "entry" ? aboutEntry(guess, question) : aboutNumber(guess, question) };
}

function aboutNumber(guess, question) {
  const { slot, names } = question;
  const notYet = `Not yet: how fast does the gate's value change with ${names[slot]}? Multiply the upstream by that.`;
  const [, says] = slips(question).find(([given]) => isNear(guess, given)) ?? [guess, notYet];
  return says;
}

function aboutEntry(guess, { answer, place, gradient: d, works }) {
  const mirrored = place.length === 2 ? d[place[1]]?.[place[0]] : undefined;
  if (isNear(guess, -answer)) return "The size is right, the sign is not.";
  if (mirrored !== undefined && isNear(guess, mirrored)) return `That is the entry [${place[1]}, ${place[0]}].`;
  return works ? `Not yet: take it from ${works}, entry by entry.` : "Not yet: upstream times local, entry by entry.";
}

function judgeShape(guess, { gradient: d, upstream, names, slot }) {
  const shape = shapeOf(d);
  if (isSame(guess, shape)) return { right: true, says: "Right." };
  const says = isSame(guess, [...shape].reverse())
    ? "The sizes are right, the other way round."
    : isSame(guess, shapeOf(upstream))
      ? `That is the shape of the upstream: a gradient has the shape of what it belongs to, here ${names[slot]}.`
      : `Not yet: a gradient has the shape of what it belongs to, here ${names[slot]}. Type it as (2, 3).`;
  return { right: false, says };
}

// The question under the picture. What has been told and the score are the model's `quiz`, {step, told, tried, shaped,
// asked, right}: the first `told` answers of this step are shown, and the open question has been `tried` or not; of an
// array the shape is asked first, and then, `shaped`, one entry.
//   done()       is called when this step has no question left, changed() when an answer has told something
// Returns {element, told(), finish(step), reset(), isAsking(), focus(), paint(now)}.
export function quiz({ model, on, watch }, { done, changed }) {
  let question;
  const prompt = html("span");
  const field = html("input", { type: "text", inputmode: "decimal", size: 8, autocomplete: "off" });
  const check = html("button", { type: "submit" }, "check");
  const show = button({}, "show it");
  const form = html("form", {}, html("label", {}, prompt, " ", field), check, show);
  const feedback = html("p", { role: "status" });
  const score = html("p", { class: "score" });
  const element = html("div", { class: "quiz" }, form, feedback, score);

  const step = () => model.get("step");
  const state = () => ({ ...model.get("quiz"), ...(model.get("quiz").step === step() ? {} : NOTHING_TOLD) });

  // The first answer to a question counts; a right one, or giving up, tells.
  function count(isRight, isTold) {
    const { told, tried, asked, right } = state();
    const score = { asked: asked + !tried, right: right + (isRight && !tried) };
    const shaped = question.asks === "shape" ? isTold : !isTold && question.asks === "entry";
    const news = { told: told + (isTold && question.asks !== "shape"), tried: !isTold, shaped };
    model.set("quiz", { step: step(), ...news, ...score });
    model.save_changes();
  }

  function goOn() {
    field.value = "";
    changed();
    if (question) field.focus();
    else done();
  }

  on(form, "submit", (event) => {
    event.preventDefault();
    const { right, says } = judge(field.value, question);
    const isGuess = question.asks === "shape" || !Number.isNaN(typed(field.value));
    if (isGuess) count(right, right);
    feedback.textContent = says;
    if (right) goOn();
    else field.select();
  });
  on(show, "click", () => {
    const { asks, answer, what } = question;
    const says = asks === "number" ? `To ${what} goes ${number(answer)}.` : `${what} is ${typeof answer === "number" ? number(answer) : answer}.`;
    count(false, true);
    feedback.textContent = says;
    goOn();
  });

  // What was said of a guess goes with the numbers that it was said of.
  const forget = () => (feedback.textContent = "");
  for (const trait of ["step", "inputs", "numbers"]) watch(`change:${trait}`, forget);
  on(field, "input", forget);

  function paint(now) {
    question = model.get("predict") ? questionOf(now, state().shaped) : undefined;
    element.hidden = !model.get("predict");
    form.hidden = !question;
    if (question) ask(question, now);
    const { asked, right } = model.get("quiz");
    score.textContent = asked ? `${right} of ${asked} right at the first guess` : "";
  }

  function ask({ gate, asks, what }, now) {
    const arrived = ["Upstream ", gradient(gradientOf(gate, now)), " arrives at ", strong(now.label[gate])];
    prompt.replaceChildren(...arrived, asks === "number" ? ". What goes back to " : ". What is ", strong(what), "?");
  }

  return {
    element,
    told: () => (model.get("predict") ? state().told : Infinity),
    finish: (step) => model.set("quiz", { ...state(), step, told: ALL, tried: false }),
    reset: () => model.set("quiz", { step: 0, ...NOTHING_TOLD, asked: 0, right: 0 }),
    isAsking: () => question !== undefined,
    focus: () => field.focus(),
    paint,
  };
}

function questionOf(now, shaped) {
  if (now.untold.length === 0) return undefined;
  const gate = now.event.node;
  const slot = now.untold[0];
  const { inputs, gradient: upstream, downstream, local: locals } = now.nodes[gate];
  const names = inputs.map((i) => title(i, now));
  const question = { gate, slot, upstream, downstream, locals, names };
  const d = downstream[slot];
  if (typeof d === "number") return { ...question, asks: "number", answer: d, what: names[slot] };
  const asked = { ...question, gradient: d, works: operation(gate, slot, now) };
  if (!shaped) return { ...asked, asks: "shape", answer: written(shapeOf(d)), what: `the shape of d${names[slot]}` };
  const place = farthestFrom0(d);
  const answer = place.reduce((part, k) => part[k], d);
  return { ...asked, asks: "entry", place, answer, what: `d${names[slot]}[${place.join(", ")}]` };
}

// The place of the entry to ask for: one that is 0 would be too easily guessed.
function farthestFrom0(array) {
  const places = array.flatMap((row, i) => (Array.isArray(row) ? row.map((x, j) => [x, [i, j]]) : [[row, [i]]]));
  return places.reduce((best, next) => (Math.abs(next[0]) > Math.abs(best[0]) ? next : best))[1];
}
