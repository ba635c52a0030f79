// The end of a run: a table that sets the sides beside what is known, and a chart.

import { byId, element, setText } from "./dom.js";

/** Longer texts are not figures, and may take two lines. */
const LONG = 14;

function heading(text, className) {
  const made = element("th", text, className);
  made.scope = "col";
  return made;
}

function verdictOn(row) {
  if (row.required === "") {
    return element("td");
  }
  const words = row.met === null ? "not measured" : row.met ? "met" : "missed";
  return element("td", words, row.met === null ? undefined : words);
}

function line(row) {
  const made = element("tr");
  const name = element("th", row.title);
  name.scope = "row";
  made.append(
    name,
    ...row.texts.map((text) => element("td", text, text.length > LONG ? "number" : "number short")),
    element("td", row.reported),
    element("td", row.required),
    verdictOn(row),
  );
  return made;
}

export function showResult(id, { table, met }) {
  const head = element("tr");
  head.append(
    heading("Figure"),
    ...table.steps.map((step) => heading(step, "number")),
    heading("The application reported"),
    heading("Must be"),
    heading("Verdict"),
  );
  byId("table-head").replaceChildren(head);
  byId("table-body").replaceChildren(...table.rows.map(line));
  byId("csv").href = `/api/lab/runs/${id}/table.csv`;
  byId("svg").href = `/api/lab/runs/${id}/chart.svg`;
  byId("chart").src = `/api/lab/runs/${id}/chart.svg`;
  byId("chart").alt = `Bars of the most telling figures of the table above, for ${table.steps.join(", ")}`;
  byId("result").hidden = false;
  setText(
    byId("verdict"),
    met ? "reactive-sqlite met everything that it must." : "reactive-sqlite missed what is marked.",
  );
}
