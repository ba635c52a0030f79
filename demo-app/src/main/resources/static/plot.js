// What every chart of these pages has: a drawing with a scale at its left and its time below.

const NS = "http://www.w3.org/2000/svg";

export const WIDTH = 300;
export const HEIGHT = 100;

export function svg(name, className, attributes = {}) {
  const made = document.createElementNS(NS, name);
  if (className) {
    made.setAttribute("class", className);
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  return made;
}

/** The sample of a line, for a legend. */
export function key(className) {
  const made = svg("svg", "key", { "aria-hidden": "true", viewBox: "0 0 20 8" });
  made.append(svg("path", `line ${className}`, { d: "M0 4H20" }));
  return made;
}

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next round number above a value, so that the scale does not move with every sample. */
export function niceCeiling(value) {
  if (!(value > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return ROUND.find((step) => value <= step * power) * power;
}

/**
 * An empty plot.
 *
 * @param lines the classes of its lines, in the order in which they are drawn
 */
export function createPlot(lines) {
  const element = document.createElement("div");
  element.className = "plot";
  const drawing = svg("svg", "chart", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
  });
  for (const level of [0, 0.5, 1]) {
    const y = level * HEIGHT;
    drawing.append(svg("line", "grid", { x2: WIDTH, y1: y, y2: y }));
  }
  const paths = lines.map((className) => svg("path", `line ${className}`));
  drawing.append(...paths);
  const label = (className) => {
    const made = document.createElement("span");
    made.className = `scale ${className}`;
    // The values are said in words elsewhere.
    made.ariaHidden = "true";
    return made;
  };
  const labels = {
    top: label("top"),
    bottom: label("bottom"),
    begin: label("begin"),
    end: label("end"),
  };
  element.append(drawing, ...Object.values(labels));
  return {
    element,
    drawing,
    paths,
    /** Writes the scale, such as { top: "20 ms", bottom: "0 ms", begin: "60 s ago" }. */
    label(texts) {
      for (const [name, text] of Object.entries(texts)) {
        if (labels[name].textContent !== text) {
          labels[name].textContent = text;
        }
      }
    },
  };
}
