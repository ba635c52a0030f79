import { createChart } from "./chart.js";
import { byId, bytes, element, rounded, setText } from "./dom.js";
import { connectionWords, listen } from "./live.js";

const WINDOW = 5 * 60_000;

const perSecond = (value) => `${rounded(value)}/s`;
const millis = (value) =>
  value < 1 && value > 0
    ? `${value.toFixed(2)}\u00a0ms`
    : value >= 1000
      ? `${rounded(value / 1000)}\u00a0s`
      : `${rounded(value)}\u00a0ms`;
const millisPerSecond = (value) => `${rounded(value)}\u00a0ms/s`;
const percent = (value) => `${rounded(value * 100)}\u00a0%`;

const of = (name, field) => ({ name, value: (sample) => sample[field] });
const job = (name, field) => ({ name, value: (sample) => sample.jobs[field] });

const CHARTS = [
  { title: "Throughput", format: perSecond, series: [of("writes", "writes"), of("reads", "reads"), of("commits", "commits")] },
  { title: "Write latency", format: millis, series: [of("median", "writeP50"), of("p95", "writeP95"), of("p99", "writeP99")] },
  { title: "Read latency", format: millis, series: [of("median", "readP50"), of("p95", "readP95"), of("p99", "readP99")] },
  {
    title: "Write queue wait",
    format: millis,
    series: [of("interactive lane, p95", "turnInteractiveP95"), of("bulk lane, p95", "turnBulkP95")],
  },
  { title: "Writes waiting in the queue", format: rounded, series: [of("interactive lane", "queueInteractive"), of("bulk lane", "queueBulk")] },
  { title: "Writes per transaction", format: rounded, series: [of("mean", "groupSize")] },
  { title: "Time waited for the file’s lock", format: millisPerSecond, series: [of("all writes", "lockWaitMillis")] },
  { title: "Lock retries and failures", format: perSecond, series: [of("retries", "lockRetries"), of("failures", "lockFailures")] },
  { title: "Readers", format: rounded, series: [of("active", "readersActive"), of("idle", "readersIdle"), of("reads waiting", "queueReads")] },
  { title: "Writer busy", format: percent, series: [of("share of time", "writerBusy")] },
  { title: "Write-ahead log (WAL)", format: bytes, series: [of("file", "walBytes"), of("not checkpointed", "walPending")] },
  { title: "Checkpoints", format: perSecond, series: [of("checkpoints", "checkpoints")] },
  {
    title: "Jobs",
    format: rounded,
    series: [job("waiting", "waiting"), job("running", "running"), job("retrying", "retrying"), job("discarded", "discarded")],
  },
];

const STATES = {
  BELOW: ["good", "below"],
  NEAR: ["warn", "near"],
  CROSSED: ["alarm", "crossed"],
  UNKNOWN: ["quiet", "yours to judge"],
};

const charts = CHARTS.map(createChart);
let samples = [];
let held = false;

function showSamples(more) {
  const last = samples.at(-1)?.time ?? 0;
  samples = samples.concat(more.filter((sample) => sample.time > last));
  const oldest = (samples.at(-1)?.time ?? 0) - WINDOW;
  samples = samples.filter((sample) => sample.time >= oldest);
  if (!held) {
    charts.forEach((chart) => chart.show(samples));
  }
}

// On a phone rows are no longer laid out as a table, and remain one by their roles.
function cell(name, role) {
  const made = element(name);
  made.setAttribute("role", role);
  return made;
}

function row(threshold) {
  const made = cell("tr", "row");
  const name = cell("th", "rowheader");
  name.scope = "row";
  made.append(name, cell("td", "cell"), cell("td", "cell"), cell("td", "cell"));
  made.dataset.id = threshold.id;
  return made;
}

/** A number stays on the line of its unit. */
const together = (text) => text.replace(/(\d) (?=\S)/g, "$1\u00a0");

function fill(made, threshold) {
  const [name, measured, limit, state] = made.cells;
  const [className, words] = STATES[threshold.state];
  setText(name, threshold.what);
  setText(measured, together(threshold.measured));
  setText(limit, together(threshold.limit));
  limit.className = "limit";
  setText(state, words);
  state.className = `state ${className}`;
  made.dataset.state = threshold.state;
}

/** Changes the cells of a row that is there, so that who reads in the table keeps the place. */
function showThresholds(body, thresholds) {
  const there = new Map([...body.children].map((made) => [made.dataset.id, made]));
  for (const threshold of thresholds) {
    let made = there.get(threshold.id);
    there.delete(threshold.id);
    if (!made) {
      made = row(threshold);
      body.append(made);
    }
    fill(made, threshold);
  }
  for (const made of there.values()) {
    made.remove();
  }
}

function showStatus(status) {
  for (const [id, group] of [["outgrown", "OUTGROWN"], ["alarms", "ALARM"]]) {
    showThresholds(byId(id), status.thresholds.filter((one) => one.group === group));
  }
  const names = status.others.map((other) => `${other.command} (process ${other.process})`).join(", ");
  setText(byId("others"), names && `The database is also open in ${names}. That works: they take turns writing.`);
  const crossed = status.thresholds.filter((one) => one.state === "CROSSED");
  setText(
    byId("crossed"),
    crossed.length === 0 ? "" : `Crossed: ${crossed.map((one) => one.what).join("; ")}.`,
  );
}

byId("charts").append(...charts.map((chart) => chart.element));
byId("hold").addEventListener("click", (event) => {
  held = !held;
  event.currentTarget.textContent = held ? "Resume the charts" : "Pause the charts";
  charts.forEach((chart) => chart.show(samples, held));
});
const words = connectionWords();
listen("/api/dashboard/events", { samples: showSamples, status: showStatus }, (state, when) => {
  setText(byId("connection"), state === "live" ? "Live" : state === "slow" ? "Connecting …" : "Not connected");
  setText(byId("offline"), words(state, when));
});
