// One side of a run: figures that move, and a line of what was done and what was locked so far.

import { element, number, setText } from "./dom.js";
import { createPlot, HEIGHT, key, WIDTH } from "./plot.js";

const FIGURES = [
  { title: "Operations done", line: "done" },
  { title: "Lock errors", line: "errors" },
  { title: "Retries" },
];

function createFigures() {
  const list = element("dl", undefined, "lab-figures");
  const values = FIGURES.map(({ title, line }) => {
    const group = element("div");
    const name = element("dt", title);
    if (line) {
      name.prepend(key(line));
    }
    const value = element("dd", "–");
    group.append(name, value);
    list.append(group);
    return value;
  });
  return { list, values };
}

export function createSide(name) {
  const card = element("article", undefined, "card");
  const progress = element("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Progress of ${name}`);
  const { list, values } = createFigures();
  const plot = createPlot(["done", "errors"]);
  const [done, errors] = plot.paths;
  plot.drawing.setAttribute("aria-hidden", "true");
  const state = element("span", "waits for its turn", "quiet");
  const heading = element("div", undefined, "row heading");
  heading.append(element("h3", name), state);
  card.append(heading, progress, list, plot.element);

  const ticks = [{ seconds: 0, fraction: 0, operations: 0, lockErrors: 0 }];
  let begun = false;
  let ended = false;
  // Before, a side warms up and fills its tables; what would be written as 0.0 s is still that.
  const measured = () => ticks.at(-1).seconds >= 0.05;
  const seconds = () => `${ticks.at(-1).seconds.toFixed(1)}\u00a0s`;

  return {
    element: card,
    begin() {
      begun = true;
      setText(state, "gets ready");
    },
    tick(event) {
      ticks.push(event);
      progress.value = event.fraction;
      setText(values[0], number(event.operations));
      setText(values[1], number(event.lockErrors));
      values[1].className = event.lockErrors > 0 ? "alarm" : "";
      setText(values[2], number(event.retries));
      if (measured()) {
        setText(state, seconds());
      }
    },
    end() {
      ended = true;
      progress.value = 1;
      setText(state, `done in ${seconds()}`);
    },
    /** The run is over: before the turn of this side, in it, or after it. */
    stop() {
      if (!ended) {
        const when = measured() ? `after ${seconds()}` : "while it got ready";
        setText(state, begun ? `stopped ${when}` : "not run");
      }
    },
    most: () => Math.max(1, ...ticks.map((one) => Math.max(one.operations, one.lockErrors))),
    longest: () => Math.max(1, ...ticks.map((one) => one.seconds)),
    draw(most, longest) {
      const path = (field) =>
        ticks
          .map((one, i) => {
            const x = (one.seconds / longest) * WIDTH;
            const y = HEIGHT - (one[field] / most) * HEIGHT;
            return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
          })
          .join("");
      done.setAttribute("d", path("operations"));
      errors.setAttribute("d", path("lockErrors"));
      plot.label({
        top: number(most),
        bottom: "0",
        begin: "0 s",
        end: `${longest.toFixed(1)} s`,
      });
    },
  };
}
