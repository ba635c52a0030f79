// Everything that comes from files goes into the page as text, never as markup.

export const byId = (id) => document.getElementById(id);

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) {
    made.textContent = text;
  }
  if (className) {
    made.className = className;
  }
  return made;
}

/** Changes what has changed only: what is written again is read out again. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** The same for something that may be read out: `aloud` when somebody has to hear of it. */
export function report(node, text, aloud) {
  node.setAttribute("aria-live", aloud ? "polite" : "off");
  setText(node, text);
}

// Controls, and marks that turn the direction of the text around them.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A name as it is, with what cannot be seen in it spelt out. */
export const visible = (name) =>
  name.replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);

/** A name inside a sentence that runs from left to right, whatever the name does. */
export const isolated = (name) => `\u2068${visible(name)}\u2069`;

/** A name and what is said about it. */
export function setNamed(node, name, rest = "") {
  const shown = visible(name);
  if (node.textContent !== shown + rest) {
    node.replaceChildren(element("bdi", shown), rest);
  }
}

export const number = (value) => value.toLocaleString("en");

/** A number of things, in words that fit it. */
export const counted = (value, thing) => `${number(value)} ${thing}${value === 1 ? "" : "s"}`;

/** A number with as many digits as somebody can use. */
export const rounded = (value) =>
  value < 10 && value % 1 ? value.toFixed(1) : number(Math.round(value));

const SIZES = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
  [1, "B"],
];

export function bytes(value) {
  const [size, unit] = SIZES.find(([least]) => value >= least) ?? SIZES.at(-1);
  return `${rounded(value / size)}\u00a0${unit}`;
}

export const time = (instant) => new Date(instant).toLocaleString();

/** The application could not be reached. */
export class NoAnswer extends Error {}

/** There is no such thing as was asked for, and there will be none by asking again. */
export class Refused extends Error {}

let shownProblem;

export function showProblem(error) {
  shownProblem = error;
  const problem = byId("problem");
  problem.hidden = false;
  problem.textContent = error.message;
  problem.scrollIntoView({ block: "nearest" });
}

export function clearProblem() {
  shownProblem = undefined;
  byId("problem").hidden = true;
  byId("problem").textContent = "";
}

/** The application answers again: that it did not is no longer so. */
export function clearSilence() {
  if (shownProblem instanceof NoAnswer) {
    clearProblem();
  }
}

/** Runs a task and shows what went wrong with it. */
export async function attempt(task) {
  try {
    clearProblem();
    await task();
  } catch (error) {
    showProblem(error);
  }
}
