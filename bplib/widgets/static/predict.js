// Guess first: what a gate sends back stays hidden until the reader has said what it will be. A guess that is not
// right is compared with what the usual slips would have given.

import { button, gradient, html, KEEPS_ITS_KEYS, number, strong } from "./elements.js";
import { gradientOf, title } from "./moments.js";

const NOTHING_TOLD = { told: 0, tried: false };
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

// {right, says}
export function judge(guess, question) {
  const { downstream, slot, names } = question;
  if (Number.isNaN(guess)) return { right: false, says: "Type a number, such as −0.5." };
  if (isNear(guess, downstream[slot])) return { right: true, says: "Right." };
  const notYet = `Not yet: how fast does the gate's value change with ${names[slot]}? Multiply the upstream by that.`;
  const [, says] = slips(question).find(([given]) => isNear(guess, given)) ?? [guess, notYet];
  return { right: false, says };
}

// The question under the picture. What has been told and the score are the model's `quiz`, {step, told, tried, asked,
// right}: the first `told` answers of this step are shown, and the open question has been `tried` or not.
//   done()       is called when this step has no question left, changed() when an answer has told something
// Returns {element, told(), finish(step), reset(), forget(), isAsking(), focus(), paint(now)}.
export function quiz({ model, on }, { done, changed }) {
  let question;
  const prompt = html("span");
  const field = html("input", { type: "text", inputmode: "decimal", size: 8, autocomplete: "off", ...KEEPS_ITS_KEYS });
  const check = html("button", { type: "submit", ...KEEPS_ITS_KEYS }, "check");
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
    model.set("quiz", { step: step(), told: told + isTold, tried: !isTold, ...score });
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
    const guess = typed(field.value);
    const { right, says } = judge(guess, question);
    feedback.textContent = says;
    if (!Number.isNaN(guess)) count(right, right);
    if (right) goOn();
    else field.select();
  });
  on(show, "click", () => {
    const { downstream, slot, names } = question;
    feedback.textContent = `To ${names[slot]} goes ${number(downstream[slot])}.`;
    count(false, true);
    goOn();
  });

  function paint(now) {
    question = model.get("predict") ? questionOf(now) : undefined;
    element.hidden = !model.get("predict");
    form.hidden = !question;
    if (question) ask(question, now);
    const { asked, right } = model.get("quiz");
    score.textContent = asked ? `${right} of ${asked} right at the first guess` : "";
  }

  function ask({ gate, slot, names }, now) {
    const arrived = ["Upstream ", gradient(gradientOf(gate, now)), " arrives at ", strong(now.label[gate])];
    prompt.replaceChildren(...arrived, ". What goes back to ", strong(names[slot]), "?");
  }

  return {
    element,
    told: () => (model.get("predict") ? state().told : Infinity),
    finish: (step) => model.set("quiz", { ...state(), step, told: ALL, tried: false }),
    reset: () => model.set("quiz", { step: 0, ...NOTHING_TOLD, asked: 0, right: 0 }),
    forget: () => (feedback.textContent = ""),
    isAsking: () => question !== undefined,
    focus: () => field.focus(),
    paint,
  };
}

function questionOf(now) {
  if (now.untold.length === 0) return undefined;
  const gate = now.event.node;
  const { inputs, gradient: upstream, downstream, local: locals } = now.nodes[gate];
  return { gate, slot: now.untold[0], upstream, downstream, locals, names: inputs.map((i) => title(i, now)) };
}
