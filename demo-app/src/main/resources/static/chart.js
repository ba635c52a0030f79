// A line chart in SVG. Small on purpose: a few series of one unit over the last minutes.

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 100;
const PADDING = 4;

const svg = (name, className) => {
  const made = document.createElementNS(NS, name);
  if (className) {
    made.setAttribute("class", className);
  }
  return made;
};

/** The next round number above a value, so that the scale does not move with every sample. */
export function niceCeiling(value) {
  if (!(value > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => value <= step * power) * power;
}

/** Runs of points; a gap where there is no value, or where the page was not told of any. */
function path(samples, value, x, y, longestGap) {
  let drawn = "";
  let before;
  for (const sample of samples) {
    const v = value(sample);
    if (v === null || v === undefined) {
      before = undefined;
      continue;
    }
    const joined = before !== undefined && sample.time - before <= longestGap;
    const point = `${x(sample.time).toFixed(1)} ${y(v).toFixed(1)}`;
    // A lone point is a line to itself, which round caps make a dot.
    drawn += joined ? `L${point}` : `M${point}L${point}`;
    before = sample.time;
  }
  return drawn;
}

/**
 * A chart of some series.
 *
 * @param series objects with a name and a function from a sample to a number or null
 * @param format writes a value with its unit
 * @param minutes how much of the past is shown
 */
export function createChart({ title, series, format, minutes = 5 }) {
  const figure = document.createElement("figure");
  figure.className = "card";
  const caption = document.createElement("figcaption");
  const heading = document.createElement("h3");
  heading.textContent = title;
  const legend = document.createElement("dl");
  legend.className = "legend";
  const values = series.map((one, i) => {
    const entry = document.createElement("div");
    const key = svg("svg", "key");
    key.setAttribute("aria-hidden", "true");
    key.setAttribute("viewBox", "0 0 20 8");
    const sample = svg("path", `line s${i + 1}`);
    sample.setAttribute("d", "M0 4H20");
    key.append(sample);
    const name = document.createElement("dt");
    name.textContent = one.name;
    const value = document.createElement("dd");
    value.textContent = "–";
    entry.append(key, name, value);
    legend.append(entry);
    return value;
  });
  caption.append(heading, legend);

  const plot = document.createElement("div");
  plot.className = "plot";
  const drawing = svg("svg", "chart");
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("role", "slider");
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("aria-label", `${title}, a moment of the last ${minutes} minutes`);
  drawing.setAttribute("aria-valuemin", `${-minutes * 60}`);
  drawing.setAttribute("aria-valuemax", "0");
  drawing.setAttribute("aria-valuenow", "0");
  for (const level of [0, 0.5, 1]) {
    const line = svg("line", "grid");
    const at = PADDING + level * (HEIGHT - 2 * PADDING);
    line.setAttribute("x2", WIDTH);
    line.setAttribute("y1", at);
    line.setAttribute("y2", at);
    drawing.append(line);
  }
  const lines = series.map((one, i) => {
    const line = svg("path", `line s${i + 1}`);
    drawing.append(line);
    return line;
  });
  const cursor = svg("line", "cursor");
  cursor.setAttribute("y2", HEIGHT);
  cursor.setAttribute("visibility", "hidden");
  drawing.append(cursor);
  const top = document.createElement("span");
  top.className = "scale top";
  const bottom = document.createElement("span");
  bottom.className = "scale bottom";
  const range = document.createElement("span");
  range.className = "scale top span when";
  plot.append(drawing, top, bottom, range);
  figure.append(caption, plot);

  let shown = [];
  // How many seconds back somebody looks; undefined for now.
  let back;

  // A chart that has just begun is drawn larger.
  let span = 60_000;
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

  function describe() {
    const sample = chosen();
    series.forEach((one, i) => {
      const value = sample ? one.value(sample) : null;
      values[i].textContent = value === null || value === undefined ? "–" : format(value);
    });
    const away = back === undefined || !sample;
    cursor.setAttribute("visibility", away ? "hidden" : "visible");
    range.textContent = away
      ? `last ${Math.round(span / 1000)} s`
      : `at ${new Date(sample.time).toLocaleTimeString()}`;
    if (!away) {
      const x = WIDTH - ((newest() - sample.time) / span) * WIDTH;
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
    drawing.setAttribute("aria-valuenow", `${-(back ?? 0)}`);
    drawing.setAttribute(
      "aria-valuetext",
      `${back ? `${Math.round(back)} seconds ago` : "now"}: ` +
        series.map((one, i) => `${one.name} ${values[i].textContent}`).join(", "),
    );
  }

  function draw() {
    const end = newest();
    span = Math.min(minutes * 60_000, Math.max(60_000, end - (shown[0]?.time ?? end)));
    let greatest = 0;
    for (const sample of shown) {
      for (const one of series) {
        greatest = Math.max(greatest, one.value(sample) ?? 0);
      }
    }
    const ceiling = niceCeiling(greatest);
    const x = (time) => WIDTH - ((end - time) / span) * WIDTH;
    const y = (value) => HEIGHT - PADDING - (value / ceiling) * (HEIGHT - 2 * PADDING);
    series.forEach((one, i) => lines[i].setAttribute("d", path(shown, one.value, x, y, 5_000)));
    top.textContent = format(ceiling);
    bottom.textContent = format(0);
    describe();
  }

  function look(seconds) {
    back = seconds === undefined ? undefined : Math.min(span / 1000, Math.max(0, seconds));
    describe();
  }

  drawing.addEventListener("pointermove", (event) => {
    const box = drawing.getBoundingClientRect();
    look(((1 - (event.clientX - box.left) / box.width) * span) / 1000);
  });
  drawing.addEventListener("pointerleave", () => look(undefined));
  drawing.addEventListener("blur", () => look(undefined));
  drawing.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: 1, ArrowDown: 1, ArrowRight: -1, ArrowUp: -1, PageUp: -30, PageDown: 30 };
    if (event.key in steps) {
      look((back ?? 0) + steps[event.key]);
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
    show(samples) {
      shown = samples;
      draw();
    },
  };
}
