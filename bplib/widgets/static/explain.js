// What a gate has done so far, in words and numbers.

import {
  contents,
  gradient,
  gridOf,
  html,
  isSame,
  local,
  paragraph,
  shapeOf,
  strong,
  value,
  writer,
  written,
} from "./elements.js";
import { collected, gradientOf, isCopy, isNamed, title, valueOf } from "./moments.js";
import { operation } from "./operations.js";

// Paragraphs about node i, at this moment.
export function explanation(i, now) {
  if (i === undefined) return [paragraph("Nothing has run yet. Step forward: the first gate computes its value.")];
  const node = now.nodes[i];
  if (now.event.kind === "start" && now.event.node === i) return [firstSignal(i, now)];
  if (node.kind !== "gate") return [aboutInput(i, now), ...addition(i, now), ...inFull(i, now)];
  if (!now.hasValue(i)) return [paragraph(strong(now.label[i]), " has not run yet.")];
  if (isCopy(node)) return [aboutCopy(i, now), ...addition(i, now)];
  const drawn = node.inputs.map((j, slot) => ({ j, slot })).filter(({ j }) => j in now.label);
  const operands = [...new Set(drawn.map(({ j }) => j))];
  const backward = now.hasRunBack(i)
    ? [...drawn.map(({ j, slot }) => equation(i, j, slot, now)), ...operands.flatMap((j) => addition(j, now))]
    : [ahead(i, drawn, now)];
  return [computed(i, drawn, now), ...backward, ...inFull(i, now)];
}

// All numbers of an array of which the picture has the first ones only.
function inFull(i, now) {
  const { value: x, gradient: dx } = now.nodes[i];
  if (!gridOf(x)?.flat().includes("…")) return [];
  return [matrix("value", x), ...(now.hasGradient(i) ? [matrix("gradient", dx)] : [])];
}

function matrix(role, x) {
  const rows = shapeOf(x).length === 2 ? x : [x];
  const cell = (text) => html("td", { class: role }, text);
  const lines = rows.map((row) => html("tr", {}, ...row.map(writer(rows)).map(cell)));
  return html("div", { class: "numbers" }, html("table", { "aria-label": role }, html("tbody", {}, ...lines)));
}

function firstSignal(i, now) {
  const f = title(i, now);
  const why = `, for ${f} moves just as ${f} does.`;
  return paragraph("The way back begins: ", strong(`∂${f}/∂${f}`), " = ", gradient(gradientOf(i, now)), why);
}

function aboutInput(i, now) {
  const line = paragraph(strong(title(i, now)), " = ", value(valueOf(i, now)));
  if (now.hasGradient(i)) line.append(", and its gradient is ", gradient(gradientOf(i, now)));
  return line;
}

function aboutCopy(i, now) {
  const given = [strong("copy"), ` hands ${title(i, now)} = `, value(valueOf(i, now))];
  return paragraph(...given, ` to ${now.users[i].length} users. On the way back it adds.`);
}

// × of q = 3.00 and z = −4.00 gives f = −12.00
function computed(i, drawn, now) {
  const named = (j) => [isNamed(now.nodes[j]) ? `${title(j, now)} = ` : "", value(valueOf(j, now))];
  const operands = drawn.flatMap(({ j }, k) => [k ? " and " : "", ...named(j)]);
  return paragraph(strong(now.label[i]), " of ", ...operands, " gives ", ...named(i));
}

// The local derivatives are known as soon as a gate has run, long before its upstream arrives.
function ahead(i, drawn, now) {
  const derivatives = now.nodes[i].local;
  if (!derivatives || drawn.some(({ j }) => now.nodes[j].shape.length)) return "";
  const listed = drawn.flatMap(({ j, slot }, k) => {
    return [k ? ", " : "", local(now.write(derivatives[slot])), ` for ${title(j, now)}`];
  });
  const arrived = now.hasGradient(i) ? [" Its upstream has arrived: ", gradient(gradientOf(i, now)), "."] : [];
  return paragraph("Its local derivatives: ", ...listed, ".", ...arrived);
}

// to q: upstream 1.00 × local −4.00 = downstream −4.00, or to W: downstream dW = xᵀ · dY
function equation(i, j, slot, now) {
  const name = title(j, now);
  const works = operation(i, slot, now);
  if (works) {
    const shape = shapeOf(now.nodes[j].value);
    const [told, note] = now.hasSent(i, slot) ? [`d${name} = ${works}`, `, of shape ${written(shape)}`] : ["?", ""];
    return paragraph("to ", strong(name), ": downstream ", gradient(told), shape.length ? note : "");
  }
  const { local: derivatives, value: out } = now.nodes[i];
  const known = now.hasSent(i, slot);
  const shown = (x) => (known ? contents(x, now.write) : "?");
  const isSummed = !isSame(shapeOf(out), shapeOf(now.nodes[j].value));
  const gives = isSummed ? ", summed up, = " : " = ";
  const becomes = derivatives ? [" × local ", local(shown(derivatives[slot])), gives] : [" → "];
  const upstream = gradient(gradientOf(i, now));
  const downstream = gradient(shown(now.nodes[i].downstream[slot]));
  return paragraph("to ", strong(name), ": upstream ", upstream, ...becomes, "downstream ", downstream);
}

function addition(i, now) {
  if (now.users[i].length < 2 || now.received[i].length === 0) return [];
  const total = now.hasGradient(i) ? [" = ", gradient(gradientOf(i, now))] : [", the rest is still to come"];
  const places = `${title(i, now)} is used in ${now.users[i].length} places, so what comes back is added: `;
  return [paragraph(places, gradient(collected(i, now)), ...total)];
}
