// What a network says of samples, painted anew with every answer: each has a title, an area, and
// paint(said, words), where said holds the probabilities of the classes, 0 to 255, sample after sample.

import { html, svg } from "./elements.js";
import { percent } from "./charts.js";

const MARKS = ["M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", "M-3-3h6v6h-6z", "M0-4L4 3H-4z", "M0-4L4 0 0 4-4 0z"];

const cycled = (list, i) => list[i % list.length];

export const SIGHTS = { plane, images, none: () => undefined };

// The class of every point in its colour, the surer the deeper, and the samples over it.
function plane({ grid, samples, colours }) {
  const canvas = html("canvas", { width: grid, height: grid });
  const marks = samples.map(([x, y, c]) => {
    const place = `translate(${(200 * x).toFixed(1)} ${(200 * (1 - y)).toFixed(1)})`;
    return svg("path", { d: cycled(MARKS, c), fill: cycled(colours, c), transform: place });
  });
  const over = svg("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" }, ...marks);
  const area = html("div", { class: "plane", role: "img", "aria-label": "the samples in the plane" }, canvas, over);
  const rgb = colours.map((colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));

  function paint(said, words) {
    const classes = said.length / (grid * grid);
    const image = new ImageData(grid, grid);
    for (let i = 0; i < grid * grid; i++) {
      const row = said.subarray(i * classes, (i + 1) * classes);
      const sure = row.reduce((a, b) => Math.max(a, b));
      const deep = 20 + (110 * (sure / 255 - 1 / classes)) / (1 - 1 / classes);
      image.data.set([...cycled(rgb, row.indexOf(sure)), deep], 4 * i);
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    area.setAttribute("aria-label", `the plane, as the network divides it into ${classes} classes${words}`);
  }

  return { title: "what it says of every point", area, paint };
}

// Images with the class that the network sees, how sure it is, and a bar for every class.
function images({ images, truth }) {
  const cells = images.map((rows) => {
    const [read, truth] = [html("span"), html("span")];
    const bars = html("span", { class: "bars", "aria-hidden": "true" });
    return { read, truth, bars, element: html("li", {}, pixels(rows), bars, read, truth) };
  });

  function paint(said) {
    const classes = said.length / images.length;
    cells.forEach(({ element, bars, ...words }, k) => {
      const row = said.subarray(k * classes, (k + 1) * classes);
      const sure = row.reduce((a, b) => Math.max(a, b));
      const read = row.indexOf(sure);
      const right = read === truth[k];
      words.read.textContent = `${read}: ${percent(sure / 255)}`;
      words.truth.textContent = right ? "" : ` is a ${truth[k]}`;
      element.className = right ? "value" : "wrong";
      const height = (p, c) => html("i", { class: c === truth[k] ? "true" : "", style: `height:${(100 * p) / 255}%` });
      bars.replaceChildren(...Array.from(row, height));
    });
  }

  const area = html("ul", { class: "images" }, ...cells.map(({ element }) => element));
  return { title: "what it reads", area, paint };
}

function pixels(rows) {
  const side = rows.length;
  const canvas = html("canvas", { width: side, height: side, "aria-hidden": "true" });
  const image = new ImageData(side, side);
  rows.flat().forEach((p, i) => image.data.set([255 * p, 255 * p, 255 * p, 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
