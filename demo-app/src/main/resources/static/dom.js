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

export const number = (value) => value.toLocaleString("en");

/** A number of things, in words that fit it. */
export const counted = (value, thing) => `${number(value)} ${thing}${value === 1 ? "" : "s"}`;

export function bytes(value) {
  return value < 1024 ? `${value} bytes` : `${number(Math.round(value / 1024))} KiB`;
}

export const time = (instant) => new Date(instant).toLocaleString();

export function showProblem(error) {
  const problem = byId("problem");
  problem.textContent = error.message;
  problem.hidden = false;
}

export function clearProblem() {
  byId("problem").hidden = true;
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
