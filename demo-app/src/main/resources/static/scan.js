import { scanProgress, startScan } from "./api.js";
import { attempt, byId, number, showProblem } from "./dom.js";

const PACE = 500;
const WORDS = {
  NONE: "Nothing has been scanned yet.",
  LISTING: "Looking for files …",
  INDEXING: "Indexing",
  DONE: "The last scan is finished",
  CANCELLED: "The last scan was stopped",
  FAILED: "The last scan failed",
};

function running(report) {
  return report.state === "LISTING" || report.state === "INDEXING";
}

function words(report) {
  if (report.state === "NONE" || report.state === "LISTING") {
    return WORDS[report.state];
  }
  return (
    `${WORDS[report.state]}: ${number(report.filesDone)} of ${number(report.files)} files, ` +
    `${number(report.rows)} rows in ${report.seconds.toFixed(1)} s ` +
    `(${number(report.rowsPerSecond)} a second), ${number(report.unchanged)} unchanged, ` +
    `at most ${report.mostWritersInFlight} writers in flight, ` +
    `${number(report.lock.waitMillis)} ms waited for locks, ${number(report.lock.retries)} retries, ` +
    `${number(report.lock.failures)} failures`
  );
}

function show(report) {
  byId("scan-progress").value = report.files > 0 ? report.filesDone / report.files : 0;
  const text = byId("scan-text");
  // Figures that change twice a second are not read out; the last ones are.
  text.setAttribute("aria-live", running(report) ? "off" : "polite");
  text.textContent = words(report);
  byId("scan").querySelector("button").disabled = running(report);
}

async function follow(whenChanged) {
  try {
    const report = await scanProgress();
    show(report);
    if (running(report)) {
      setTimeout(() => follow(whenChanged), PACE);
    }
    if (report.state !== "NONE") {
      whenChanged(!running(report));
    }
  } catch (error) {
    showProblem(error);
  }
}

export function setUpScan(whenChanged) {
  byId("scan").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      show(await startScan(byId("folder").value.trim()));
      setTimeout(() => follow(whenChanged), PACE);
    });
  });
  follow(whenChanged);
}
