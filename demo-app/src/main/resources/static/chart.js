// A line chart: a few series of one unit over the last minutes.

import { element, setText } from "./dom.js";
import { createPlot, HEIGHT, key, niceCeiling, svg, WIDTH } from "./plot.js";

const LONGEST_GAP = 5_000;
const DOT = -3;
const SHORTEST_SPAN = 60_000;
const STEPS = { ArrowLeft: 1, ArrowDown: 1, ArrowRight: -1, ArrowUp: -1, PageUp: -30, PageDown: 30 };

/** Runs of points; a gap where there is no value, or where the page was not told of any. */
function path(samples, value, x, y) {
  const runs = [];
  let before;
  for (const sample of samples) {
    const v = value(sample);
    if (v === null || v === undefined) {
      before = undefined;
      continue;
    }
    if (before === undefined || sample.time - before > LONGEST_GAP) {
      runs.push([]);
    }
    runs.at(-1).push(`${x(sample.time).toFixed(1)} ${y(v).toFixed(1)}`);
    before = sample.time;
  }
  // A lone point is a short line, or nobody would see it.
  return runs.map((run) => (run.length === 1 ? `M${run[0]}h${DOT}` : `M${run.join("L")}`)).join("");
}

const clock = (time) => new Date(time).toLocaleTimeString();

/** The names of the series, each with its value at the moment that is looked at. */
function createLegend(series) {
  const list = element("dl", undefined, "legend");
  const values = series.map((one, i) => {
    const entry = element("div");
    const value = element("dd", "–");
    entry.append(key(`s${i + 1}`), element("dt", one.name), value);
    list.append(entry);
    return value;
  });
  return { list, values };
}

/**
 * A chart of some series.
 *
 * @param series objects with a name and a function from a sample to a number or null
 * @param format writes a value with its unit
 * @param minutes how much of the past is shown
 */
export function createChart({ title, series, format, minutes = 5 }) {
  const figure = element("figure", undefined, "card");
  const caption = element("figcaption");
  const heading = element("div", undefined, "row heading");
  const when = element("span", undefined, "when");
  heading.append(element("h3", title), when);
  const { list, values } = createLegend(series);
  caption.append(heading, list);

  const plot = createPlot(series.map((one, i) => `s${i + 1}`));
  const { drawing } = plot;
  drawing.setAttribute("role", "slider");
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("aria-label", `${title}, a moment of the last ${minutes} minutes`);
  drawing.setAttribute("aria-valuemax", "0");
  const cursor = svg("line", "cursor", { y2: HEIGHT, visibility: "hidden" });
  drawing.append(cursor);
  figure.append(caption, plot.element);

  let shown = [];
  // How many seconds back somebody looks; undefined for now.
  let back;
  // What is shown is no longer of now.
  let held = false;

  // A chart that has just begun is drawn larger.
  let span = SHORTEST_SPAN;
  const newest = () => shown.at(-1)?.time ?? 0;

  function chosen() {
    if (back === undefined) {
      return shown.at(-1);
    }
    const wanted = newest() - back * 1000;
    return shown.reduce(
      (best, one) =>
        best && Math.abs(best.time - wanted) <= Math.abs(one.time - wanted) ? best : one,
      undefined,
    );
  }

  /** What moment is looked at, in words. */
  function moment() {
    if (held) {
      return `at ${clock(chosen().time)}`;
    }
    return back ? `${Math.round(back)} seconds ago` : "now";
  }

  /** For who cannot see it. While somebody is here, only what they ask for is said. */
  function speak(asked) {
    if (!asked && document.activeElement === drawing) {
      return;
    }
    drawing.setAttribute("aria-valuemin", `${-Math.round(span / 1000)}`);
    drawing.setAttribute("aria-valuenow", `${-Math.round(back ?? 0)}`);
    drawing.setAttribute(
      "aria-valuetext",
      `${moment()}: ` +
        series.map((one, i) => `${one.name} ${values[i].textContent}`).join(", "),
    );
  }

  function describe(asked) {
    const sample = chosen();
    series.forEach((one, i) => {
      const value = sample ? one.value(sample) : null;
      setText(values[i], value === null || value === undefined ? "–" : format(value));
    });
    const away = back === undefined || !sample;
    cursor.setAttribute("visibility", away ? "hidden" : "visible");
    setText(when, away ? "" : `at ${clock(sample.time)}`);
    if (!away) {
      const x = WIDTH - ((newest() - sample.time) / span) * WIDTH;
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
    speak(asked);
  }

  function draw() {
    const end = newest();
    span = Math.min(minutes * 60_000, Math.max(SHORTEST_SPAN, end - (shown[0]?.time ?? end)));
    let greatest = 0;
    for (const sample of shown) {
      for (const one of series) {
        greatest = Math.max(greatest, one.value(sample) ?? 0);
      }
    }
    const ceiling = niceCeiling(greatest);
    const x = (time) => WIDTH - ((end - time) / span) * WIDTH;
    const y = (value) => HEIGHT - (value / ceiling) * HEIGHT;
    series.forEach((one, i) => plot.paths[i].setAttribute("d", path(shown, one.value, x, y)));
    plot.label({
      top: format(ceiling),
      bottom: format(0),
      begin: `${Math.round(span / 1000)} s ${held ? "before" : "ago"}`,
      end: held ? clock(end) : "now",
    });
    describe(false);
  }

  function look(seconds) {
    back = seconds === undefined ? undefined : Math.min(span / 1000, Math.max(0, seconds));
    describe(true);
  }

  const point = (event) => {
    const box = drawing.getBoundingClientRect();
    look(((1 - (event.clientX - box.left) / box.width) * span) / 1000);
  };
  drawing.addEventListener("pointerdown", point);
  drawing.addEventListener("pointermove", point);
  drawing.addEventListener("pointerleave", (event) => {
    // A finger is lifted to see what it covered.
    if (event.pointerType !== "touch") {
      look(undefined);
    }
  });
  // A finger that was drawn along it has left no focus here that could be lost.
  document.addEventListener("pointerdown", (event) => {
    if (back !== undefined && !drawing.contains(event.target)) {
      look(undefined);
    }
  });
  // It was the beginning of scrolling, and no look at all.
  drawing.addEventListener("pointercancel", () => look(undefined));
  drawing.addEventListener("blur", () => look(undefined));
  drawing.addEventListener("keydown", (event) => {
    if (event.key in STEPS) {
      look((back ?? 0) + STEPS[event.key]);
    } else if (event.key === "Home") {
      look(span / 1000);
    } else if (event.key === "End" || event.key === "Escape") {
      look(undefined);
    } else {
      return;
    }
    event.preventDefault();
  });

  return {
    element: figure,
    /** Shows these; `stays` while time goes on without them. */
    show(samples, stays = false) {
      shown = samples;
      held = stays && samples.length > 0;
      draw();
    },
  };
}
