// The buttons and the slider that lead through steps. Where we are is the model's `step`, so that Python can read
// and set it.

import { button, html, setAttributes, setIcon, setText } from "./elements.js";

const PLAY_MS = 1400; // between two steps while playing
const nothing = () => {};

// last()      the number of the last step
// reset()     what the first button brings back besides step 0
// finish()    what the last button does besides going to the last step
// holds()     asked before each single step forward: true when there is something to do here first
// Returns {element, isPlaying(), isScrubbing(), focusForward(), mark(kinds), paint(where)}: `mark` draws a short bar
// for each step, in the colour of its kind (forward or any other), `paint` shows how many of them are done, and
// says in words where we are.
export function player({ model, on, atEnd }, { last, reset = nothing, finish = nothing, holds = nothing }) {
  let playing;
  let scrubbing = false;
  const bar = html("span", { class: "events", "aria-hidden": "true" });
  const scrubber = html("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  const place = html("span", { class: "where" });
  const step = () => model.get("step");

  function goTo(step) {
    model.set("step", Math.max(0, Math.min(step, last())));
    model.save_changes();
  }

  function play() {
    if (step() >= last()) goTo(0);
    playing = setInterval(() => {
      if (holds()) return pause();
      goTo(step() + 1);
      if (step() >= last()) pause();
    }, PLAY_MS);
    setIcon(buttons.play, "pause", "Pause");
  }

  function pause() {
    clearInterval(playing);
    playing = undefined;
    setIcon(buttons.play, "play", "Play");
  }

  function withIcon(name, label, action) {
    const element = button({ class: name });
    setIcon(element, name, label);
    on(element, "click", () => {
      if (name !== "play") pause();
      action();
    });
    return element;
  }

  const buttons = {
    reset: withIcon("reset", "Reset: back to the beginning", () => (reset(), goTo(0))),
    back: withIcon("back", "One step back", () => goTo(step() - 1)),
    play: withIcon("play", "Play", () => (playing ? pause() : play())),
    forward: withIcon("forward", "One step forward", () => holds() || goTo(step() + 1)),
    all: withIcon("all", "Show all", () => (finish(), goTo(last()))),
  };
  atEnd(pause);
  on(scrubber, "input", () => {
    pause();
    scrubbing = true; // the slider itself speaks
    goTo(scrubber.valueAsNumber);
    scrubbing = false;
  });

  function mark(kinds) {
    bar.replaceChildren(...kinds.map((kind) => html("i", { class: kind })));
    bar.style.setProperty("--events", kinds.length);
    scrubber.max = kinds.length;
  }

  function paint(where) {
    [...bar.children].forEach((mark, i) => mark.classList.toggle("past", i < step()));
    setText(place, where);
    scrubber.value = step();
    setAttributes(scrubber, { "aria-valuetext": where });
    setAttributes(buttons.back, { "aria-disabled": step() <= 0 });
    setAttributes(buttons.forward, { "aria-disabled": step() >= last() });
  }

  const scrub = html("span", { class: "scrub" }, bar, scrubber);
  const parts = [...Object.values(buttons), scrub, place];
  const element = html("div", { class: "toolbar", role: "group", "aria-label": "Steps" }, ...parts);
  return {
    element,
    isPlaying: () => playing !== undefined,
    isScrubbing: () => scrubbing,
    focusForward: () => buttons.forward.focus(),
    mark,
    paint,
  };
}
