import { attempt, byId, element, number, showProblem } from "./dom.js";
import { createSide } from "./lab-side.js";

/** Longer texts are not figures, and may take two lines. */
const LONG = 14;

let scenarios = [];
let sides = [];
let source;
let current;

async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The lab does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Error(answer?.detail ?? `The lab answered with status ${response.status}.`);
  }
  return answer;
}

const chosen = () => scenarios.find((one) => byId(`scenario-${one.name}`).checked);

function describe() {
  const scenario = chosen();
  byId("story").textContent = scenario.story;
  byId("workers").value = scenario.workers;
  byId("seconds").value = scenario.seconds;
  byId("ladder-label").hidden = !scenario.ladder;
  byId("ladder").checked = false;
}

function offer(scenario, first) {
  const label = element("label");
  const input = element("input");
  input.type = "radio";
  input.name = "scenario";
  input.id = `scenario-${scenario.name}`;
  input.value = scenario.name;
  input.checked = first;
  input.addEventListener("change", describe);
  label.append(input, scenario.title);
  return label;
}

function setRunning(id) {
  current = id;
  byId("go").disabled = id !== null;
  byId("cancel").disabled = id === null;
}

function begun(event) {
  const scenario = scenarios.find((one) => one.name === event.scenario);
  byId("run-title").textContent = scenario.title;
  byId("run-text").textContent =
    `One operation is a ${scenario.operation}. ${number(event.options.workers)} workers, ` +
    `${number(event.options.seconds)} s per side at most.`;
  sides = event.steps.map(createSide);
  byId("steps").replaceChildren(...sides.map((side) => side.element));
  byId("run").hidden = false;
  byId("result").hidden = true;
}

function tick(event) {
  sides[event.step].tick(event);
  // One scale for all sides, or they could not be compared.
  const most = Math.max(...sides.map((side) => side.most()));
  const longest = Math.max(...sides.map((side) => side.longest()));
  sides.forEach((side) => side.draw(most, longest));
}

function cell(name, text, className) {
  const made = element(name, text, className);
  if (name === "th") {
    made.scope = "col";
  }
  return made;
}

function finished(id, event) {
  const { table, met } = event;
  byId("verdict").textContent = met
    ? "reactive-sqlite met everything that it must."
    : "reactive-sqlite missed what is marked.";
  const head = element("tr");
  head.append(
    cell("th", "Figure"),
    ...table.steps.map((step) => cell("th", step, "number")),
    cell("th", "The application reported"),
    cell("th", "Must be"),
    cell("th", "Verdict"),
  );
  byId("table-head").replaceChildren(head);
  byId("table-body").replaceChildren(
    ...table.rows.map((row) => {
      const line = element("tr");
      const name = element("th", row.title);
      name.scope = "row";
      const verdict = row.required === "" ? "" : row.met === null ? "not measured" : row.met ? "met" : "missed";
      line.append(
        name,
        ...row.texts.map((text) => cell("td", text, text.length > LONG ? "number" : "number short")),
        cell("td", row.reported),
        cell("td", row.required),
        cell("td", verdict, verdict),
      );
      return line;
    }),
  );
  byId("csv").href = `/api/lab/runs/${id}/table.csv`;
  byId("svg").href = `/api/lab/runs/${id}/chart.svg`;
  byId("chart").src = `/api/lab/runs/${id}/chart.svg`;
  byId("chart").alt = `Bars of the most telling figures of the table above, for ${table.steps.join(", ")}`;
  byId("result").hidden = false;
}

function end() {
  source?.close();
  source = undefined;
  setRunning(null);
}

function follow(id) {
  setRunning(id);
  source?.close();
  source = new EventSource(`/api/lab/runs/${id}/events`);
  const on = (name, task) =>
    source.addEventListener(name, (event) => task(JSON.parse(event.data)));
  on("begun", begun);
  on("tick", tick);
  on("step", (event) => sides[event.step].end());
  on("finished", (event) => {
    finished(id, event);
    end();
  });
  on("ended", (event) => {
    byId("run-text").textContent = event.message;
    end();
  });
  source.addEventListener("error", () => {
    // It connects again by itself, and is told everything from the beginning.
    if (source?.readyState === EventSource.CLOSED) {
      showProblem(new Error("The run cannot be followed any more."));
      end();
    }
  });
}

async function setUp() {
  const state = await ask("/api/lab");
  scenarios = state.scenarios;
  byId("scenarios").replaceChildren(...scenarios.map((one, i) => offer(one, i === 0)));
  byId("workers").max = state.mostWorkers;
  byId("seconds").max = state.mostSeconds;
  describe();
  setRunning(null);
  if (state.newest !== null) {
    // One that has ended is told again, to its result.
    follow(state.newest);
  }
}

byId("start").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const { id } = await ask("/api/lab/runs", {
      scenario: chosen().name,
      workers: byId("workers").valueAsNumber,
      seconds: byId("seconds").valueAsNumber,
      ladder: byId("ladder").checked,
    });
    follow(id);
    byId("run").focus();
  });
});
byId("cancel").addEventListener("click", () =>
  attempt(() => ask(`/api/lab/runs/${current}/cancel`, {})),
);
attempt(setUp);
