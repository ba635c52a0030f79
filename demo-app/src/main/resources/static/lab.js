import { cancelRun, readLab, startRun } from "./api.js";
import { attempt, byId, clearProblem, element, number, setText } from "./dom.js";
import { createSide } from "./lab-side.js";
import { showResult } from "./lab-result.js";
import { connectionWords, listen } from "./live.js";
import { niceCeiling } from "./plot.js";

let scenarios = [];
let sides = [];
let current = null;
let touched = false;
let close = () => {};

const chosen = () => scenarios.find((one) => byId(`scenario-${one.name}`).checked);

function fill({ workers, seconds, ladder }) {
  const scenario = chosen();
  setText(byId("story"), scenario.story);
  byId("workers").value = workers;
  byId("seconds").value = seconds;
  byId("ladder-label").hidden = !scenario.ladder;
  byId("ladder").checked = scenario.ladder && ladder;
}

const offerDefaults = () => fill({ ...chosen(), ladder: false });

function offer(scenario, first) {
  const label = element("label");
  const input = element("input");
  input.type = "radio";
  input.name = "scenario";
  input.id = `scenario-${scenario.name}`;
  input.value = scenario.name;
  input.checked = first;
  input.addEventListener("change", offerDefaults);
  label.append(input, scenario.title);
  return label;
}

function setRunning(id) {
  current = id;
  byId("go").disabled = id !== null;
  byId("cancel").disabled = id === null;
}

/** The form says what the run is that somebody came upon, unless they have begun to choose. */
function adopt({ scenario, options }) {
  if (touched) {
    return;
  }
  byId(`scenario-${scenario}`).checked = true;
  fill(options);
}

function begun(event) {
  const scenario = scenarios.find((one) => one.name === event.scenario);
  setText(byId("run-title"), scenario.title);
  setText(
    byId("run-text"),
    `One operation is a ${scenario.operation}. ${number(event.options.workers)} workers, ` +
      `${number(event.options.seconds)} s per side at most.`,
  );
  sides = event.steps.map(createSide);
  sides[0].begin();
  byId("steps").replaceChildren(...sides.map((side) => side.element));
  draw();
  byId("run").hidden = false;
  byId("result").hidden = true;
}

/** One scale for all sides, or they could not be compared. */
function draw() {
  const most = niceCeiling(Math.max(...sides.map((side) => side.most())));
  const longest = Math.max(...sides.map((side) => side.longest()));
  sides.forEach((side) => side.draw(most, longest));
}

function end() {
  close();
  close = () => {};
  setRunning(null);
  clearProblem();
  setText(byId("offline"), "");
}

function endEarly(message) {
  end();
  setText(byId("run-text"), message);
  sides.forEach((side) => side.stop());
}

/** The server refuses to tell of a run: it is another one by now, or it will be back. */
async function lookFor(id) {
  const state = await readLab().catch(() => null);
  if (state !== null && current === id && state.newest !== id) {
    endEarly("This run is gone: the application was started anew.");
  }
}

function follow(id, { found = false } = {}) {
  let strange = found;
  close();
  setRunning(id);
  const words = connectionWords();
  close = listen(
    `/api/lab/runs/${id}/events`,
    {
      begun(event) {
        if (strange) {
          adopt(event);
          strange = false;
        }
        begun(event);
      },
      tick(event) {
        sides[event.step].tick(event);
        draw();
      },
      step(event) {
        sides[event.step].end();
        sides[event.step + 1]?.begin();
      },
      finished(event) {
        end();
        showResult(id, event);
      },
      ended: (event) => endEarly(event.message),
    },
    (state, when) => {
      setText(byId("offline"), words(state, when));
      if (state === "refused") {
        lookFor(id);
      }
    },
  );
}

async function start() {
  try {
    const { id } = await startRun({
      scenario: chosen().name,
      workers: byId("workers").valueAsNumber,
      seconds: byId("seconds").valueAsNumber,
      ladder: byId("ladder").checked,
    });
    follow(id);
    byId("run").hidden = false;
    byId("run").focus();
  } catch (error) {
    // Somebody else may have started one.
    const state = await readLab().catch(() => null);
    if (state !== null && state.running !== null) {
      follow(state.running, { found: true });
    }
    throw error;
  }
}

async function setUp() {
  const state = await readLab();
  scenarios = state.scenarios;
  byId("scenarios").replaceChildren(...scenarios.map((one, i) => offer(one, i === 0)));
  byId("workers").max = state.mostWorkers;
  byId("seconds").max = state.mostSeconds;
  offerDefaults();
  setRunning(null);
  if (state.newest !== null) {
    // One that has ended is told again, to its result.
    follow(state.newest, { found: true });
  }
}

byId("start").addEventListener("input", () => {
  touched = true;
});
byId("start").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(start);
});
byId("cancel").addEventListener("click", () => attempt(() => cancelRun(current)));
attempt(setUp);
