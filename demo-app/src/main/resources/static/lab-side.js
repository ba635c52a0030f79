// One side of a run: figures that move, and a line of what was done and what was locked so far.

import { element, number } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 100;

function line(className) {
  const made = document.createElementNS(NS, "polyline");
  made.setAttribute("class", className);
  return made;
}

export function createSide(name) {
  const card = element("article", undefined, "card");
  const progress = element("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Progress of ${name}`);
  const list = element("dl", undefined, "lab-figures");
  const figures = ["Done", "Lock errors", "Retries"].map((title) => {
    const group = element("div");
    const value = element("dd", "–");
    group.append(element("dt", title), value);
    list.append(group);
    return value;
  });
  const drawing = document.createElementNS(NS, "svg");
  drawing.setAttribute("class", "lab-chart");
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  const base = line("base");
  base.setAttribute("points", `0,${HEIGHT} ${WIDTH},${HEIGHT}`);
  const done = line("done");
  const errors = line("errors");
  drawing.append(base, done, errors);
  const key = element("p", "Waiting for its turn.", "lab-key");
  card.append(element("h3", name), progress, list, drawing, key);

  const ticks = [{ seconds: 0, operations: 0, lockErrors: 0 }];

  return {
    element: card,
    tick(event) {
      ticks.push(event);
      progress.value = event.fraction;
      figures[0].textContent = number(event.operations);
      figures[1].textContent = number(event.lockErrors);
      figures[1].className = event.lockErrors > 0 ? "alarm" : "";
      figures[2].textContent = number(event.retries);
      key.textContent = `Line: done so far. Dashes: lock errors so far. ${event.seconds.toFixed(1)}\u00a0s`;
    },
    end() {
      progress.value = 1;
    },
    most: () => Math.max(1, ...ticks.map((one) => Math.max(one.operations, one.lockErrors))),
    longest: () => Math.max(0.1, ...ticks.map((one) => one.seconds)),
    draw(most, longest) {
      const points = (field) =>
        ticks
          .map((one) => {
            const x = (one.seconds / longest) * WIDTH;
            const y = HEIGHT - (one[field] / most) * (HEIGHT - 4);
            return `${x.toFixed(1)},${y.toFixed(1)}`;
          })
          .join(" ");
      done.setAttribute("points", points("operations"));
      errors.setAttribute("points", points("lockErrors"));
    },
  };
}
