// A moment: what is known of a graph after some of its steps, and how it is written.

import { contents, exact, gridOf, number, shapeOf, written } from "./elements.js";

const NOT_YET = "?";
const PLUS = "\u2009+\u2009"; // thin spaces: a line has little room

const short = (name) => (name.length <= 16 ? name : `${name.slice(0, 15)}…`);

// Every gate forward, the first signal ∂f/∂f = 1, every gate backward.
export function timeline(trace) {
  const pass = (kind) => trace.steps.filter((step) => step.kind === kind);
  return [...pass("forward"), { kind: "start", node: trace.output }, ...pass("backward")];
}

export function stage({ event, events, step }) {
  if (!event.kind) return "inputs only";
  if (event.kind === "start") return "the first signal";
  const pass = events.filter(({ kind }) => kind === event.kind);
  const done = events.slice(0, step).filter(({ kind }) => kind === event.kind);
  return `${event.kind} ${done.length} of ${pass.length}`;
}

// The step of one trace at which another, of the same calculation in other detail, has come as far.
export function sameStage(step, from, to) {
  const [before, after] = [timeline(from), timeline(to)];
  if (step >= before.length) return after.length;
  for (let done = step; done > 0; done--) {
    const { kind, node } = before[done - 1];
    const same = (event) => event.kind === kind && to.nodes[event.node].name === from.nodes[node].name;
    const found = after.findIndex(same);
    if (found >= 0) return found + 1;
  }
  return 0;
}

// told     of the gate that runs backward, to how many operands the reader may see what it sends
// exactly  whether numbers are written with all their digits
export function momentAfter(step, nodes, { trace, picture }, { told = Infinity, exactly = false } = {}) {
  const events = timeline(trace);
  const past = events.slice(0, step);
  const event = past.at(-1) ?? {};
  const nodesThat = (kind) => new Set(past.filter((event) => event.kind === kind).map((event) => event.node));
  const [ran, started, sent] = ["forward", "start", "backward"].map(nodesThat);
  const label = Object.fromEntries(picture.boxes.map((box) => [box.node, box.label])); // of what has a box

  const untold = event.kind === "backward" ? askable(nodes[event.node], label).slice(told) : [];
  const hasSent = (gate, slot) => sent.has(gate) && !(gate === event.node && untold.includes(slot));

  const users = nodes.map(() => []); // of each node: {gate, slot} wherever it is an operand
  nodes.forEach((node, gate) => node.inputs.forEach((i, slot) => users[i].push({ gate, slot })));
  const received = users.map((list) => list.filter(({ gate, slot }) => hasSent(gate, slot)));
  return {
    events,
    step: past.length,
    event,
    nodes,
    label,
    users,
    received,
    untold,
    hasSent,
    write: exactly ? exact : number,
    hasRunBack: (i) => sent.has(i),
    hasValue: (i) => nodes[i].kind !== "gate" || ran.has(i),
    hasGradient: (i) => started.size > 0 && received[i].length === users[i].length,
  };
}

// The operands that have a line of their own and get a number, or an array that is shown.
function askable({ inputs, gradient, downstream }, label) {
  const isShown = (x) => typeof x === "number" || gridOf(x) !== undefined;
  return [...inputs.keys()].filter((slot) => inputs[slot] in label && isShown(gradient) && isShown(downstream[slot]));
}

// A gate without a name of its own goes by its symbol, a copy by what it copies.
export const isNamed = (node) => node.kind !== "gate" || !/^v\d+$/.test(node.name);
export const isCopy = (node) => node.gate === "Fork";
export function title(i, now) {
  const node = now.nodes[i];
  if (isCopy(node)) return title(node.inputs[0], now);
  return isNamed(node) ? short(node.name) : now.label[i];
}

export const valueOf = (i, { nodes, write }) => contents(nodes[i].value, write);
export const gradientOf = (i, { nodes, write }) => contents(nodes[i].gradient, write);
export const sentTo = (slot, gate, { nodes, write }) => contents(nodes[gate].downstream[slot], write);

// What has come back to a node, and a mark for what has not: −8.00 + ?
export function collected(i, now) {
  const come = now.received[i].map(({ gate, slot }) => sentTo(slot, gate, now));
  return [...come, ...(now.hasGradient(i) ? [] : [NOT_YET])].join(PLUS);
}

// ------------------------------------------------------------------------------- what stands at a line of a picture

// An array goes by its shape here, and its numbers stand in the grid below.
const inShort = (x, { write }) => (gridOf(x) ? written(shapeOf(x)) : contents(x, write));

export function valueLabel(i, now) {
  const node = now.nodes[i];
  const text = now.hasValue(i) ? inShort(node.value, now) : NOT_YET;
  const joined = now.hasValue(i) && gridOf(node.value) ? " " : " = ";
  return node.kind === "gate" && isNamed(node) ? `${title(i, now)}${joined}${text}` : text;
}

export function gradientLabel(i, now) {
  if (now.hasGradient(i)) return inShort(now.nodes[i].gradient, now);
  if (now.received[i].length > 1) return `…${PLUS}${NOT_YET}`;
  if (now.received[i].length === 0) return "";
  const [{ gate, slot }] = now.received[i];
  return `${inShort(now.nodes[gate].downstream[slot], now)}${PLUS}${NOT_YET}`;
}

export function branchLabel({ to, slot, shared }, now) {
  return shared && now.hasSent(to, slot) ? inShort(now.nodes[to].downstream[slot], now) : "";
}

// The texts of the grids, as far as they are known.
export const valueRows = (i, now) => (now.hasValue(i) ? gridOf(now.nodes[i].value) : undefined);
export const gradientRows = (i, now) => (now.hasGradient(i) ? gridOf(now.nodes[i].gradient) : undefined);
export const branchRows = ({ to, slot }, now) =>
  now.hasSent(to, slot) ? gridOf(now.nodes[to].downstream[slot]) : undefined;

export function spoken(i, now) {
  const ahead = now.hasValue(i) ? `value ${valueOf(i, now)}` : "not run yet";
  const back = now.hasGradient(i) ? `, gradient ${gradientOf(i, now)}` : "";
  return `${now.nodes[i].kind} ${now.label[i]}, ${ahead}${back}`;
}
