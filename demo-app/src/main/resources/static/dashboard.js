import { createChart } from "./chart.js";
import { byId, element, number } from "./dom.js";
import { listen } from "./live.js";

const WINDOW = 5 * 60_000;

const count = (value) => (value < 10 && value % 1 ? value.toFixed(1) : number(Math.round(value)));
const perSecond = (value) => `${count(value)}/s`;
const millis = (value) =>
  value < 1 && value > 0 ? `${value.toFixed(2)} ms` : value >= 1000 ? `${count(value / 1000)} s` : `${count(value)} ms`;
const percent = (value) => `${count(value * 100)} %`;
const size = (value) =>
  value >= 1e6 ? `${count(value / 1e6)} MB` : value >= 1e3 ? `${count(value / 1e3)} kB` : `${count(value)} B`;

const of = (name, field) => ({ name, value: (sample) => sample[field] });
const job = (name, field) => ({ name, value: (sample) => sample.jobs[field] });

const CHARTS = [
  { title: "Throughput", format: perSecond, series: [of("writes", "writes"), of("reads", "reads"), of("commits", "commits")] },
  { title: "Time of a write", format: millis, series: [of("median", "writeP50"), of("95 %", "writeP95"), of("99 %", "writeP99")] },
  { title: "Time of a read", format: millis, series: [of("median", "readP50"), of("95 %", "readP95"), of("99 %", "readP99")] },
  { title: "Waiting for the writer", format: count, series: [of("interactive", "queueInteractive"), of("bulk", "queueBulk")] },
  { title: "Units in one transaction", format: count, series: [of("mean", "groupSize")] },
  { title: "Waits for the file’s lock", format: millis, series: [of("waited a second", "lockWaitMillis")] },
  { title: "Lock retries and failures", format: count, series: [of("retries", "lockRetries"), of("failures", "lockFailures")] },
  { title: "Readers", format: count, series: [of("active", "readersActive"), of("idle", "readersIdle"), of("reads waiting", "queueReads")] },
  { title: "Writer at work", format: percent, series: [of("share of time", "writerBusy")] },
  { title: "Write-ahead log", format: size, series: [of("file", "walBytes"), of("not copied yet", "walPending")] },
  { title: "Checkpoints", format: perSecond, series: [of("checkpoints", "checkpoints")] },
  {
    title: "Jobs",
    format: count,
    series: [job("waiting", "waiting"), job("running", "running"), job("retrying", "retrying"), job("given up", "discarded")],
  },
];

const STATES = {
  BELOW: ["good", "below"],
  NEAR: ["warn", "near"],
  CROSSED: ["alarm", "crossed"],
  UNKNOWN: ["quiet", "for you to know"],
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
function cell(name, role, text, className) {
  const made = element(name, text, className);
  made.setAttribute("role", role);
  return made;
}

function row(threshold) {
  const made = cell("tr", "row");
  const name = cell("th", "rowheader", threshold.what);
  name.scope = "row";
  const [className, words] = STATES[threshold.state];
  made.append(
    name,
    cell("td", "cell", threshold.measured),
    cell("td", "cell", threshold.limit, "limit"),
    cell("td", "cell", words, `state ${className}`),
  );
  made.dataset.id = threshold.id;
  made.dataset.state = threshold.state;
  return made;
}

/** Says a thing once: what is written again is read out again. */
function say(id, text) {
  const notice = byId(id);
  if (notice.textContent !== text) {
    notice.textContent = text;
  }
  notice.hidden = text === "";
}

function showStatus(status) {
  for (const [id, group] of [["outgrown", "OUTGROWN"], ["alarms", "ALARM"]]) {
    byId(id).replaceChildren(...status.thresholds.filter((one) => one.group === group).map(row));
  }
  const names = status.others.map((other) => `${other.command} (process ${other.process})`).join(", ");
  say("others", names && `The database is also open in ${names}. That works: they take turns writing.`);
  const crossed = status.thresholds.filter((one) => one.state === "CROSSED");
  say("crossed", crossed.length === 0 ? "" : `Crossed: ${crossed.map((one) => one.what).join("; ")}.`);
}

byId("charts").append(...charts.map((chart) => chart.element));
byId("hold").addEventListener("click", (event) => {
  held = !held;
  event.currentTarget.setAttribute("aria-pressed", String(held));
  event.currentTarget.textContent = held ? "Let the charts go on" : "Hold the charts";
  if (!held) {
    charts.forEach((chart) => chart.show(samples));
  }
});
listen("/api/dashboard/events", { samples: showSamples, status: showStatus }, (connected) =>
  say("connection", connected ? "Live" : "Not connected, trying again …"),
);
