import { listFolders, pauseScan, resumeScan, retryScan, startScan } from "./api.js";
import { attempt, byId, counted, element, number } from "./dom.js";

const WORDS = {
  NONE: "Nothing has been scanned yet.",
  LISTING: "Looking for files …",
  INDEXING: "Indexing",
  DONE: "The last scan is finished",
  FAILED: "The folder could not be listed. The log of the application says why.",
};

let paused = false;
let said = "";

const running = (report) => report.state === "LISTING" || report.state === "INDEXING";

function words(report) {
  if (report.state !== "INDEXING" && report.state !== "DONE") {
    return WORDS[report.state];
  }
  const begin = report.paused && report.state === "INDEXING" ? "Paused" : WORDS[report.state];
  const kinds = [
    [report.unchanged, "unchanged"],
    [report.notText, "not text"],
    [report.removed, "removed"],
    [report.failed, "not readable"],
    [report.retrying, "to be tried again"],
  ];
  return (
    `${begin}: ${number(report.filesDone)} of ${counted(report.files, "file")}, ` +
    `${counted(report.documents, "document")} written` +
    kinds.filter(([count]) => count > 0).map(([count, name]) => `, ${number(count)} ${name}`).join("")
  );
}

function cost(report) {
  if (report.state === "NONE") {
    return "";
  }
  return (
    `${counted(report.rows, "row")} in ${report.seconds.toFixed(1)} s (${number(report.rowsPerSecond)} a second), ` +
    `at most ${report.mostWritersInFlight} writers in flight, ` +
    `${number(report.lock.waitMillis)} ms waited for locks, ${number(report.lock.retries)} retries, ` +
    counted(report.lock.failures, "failure")
  );
}

function problem(one) {
  const item = element("li", one.path);
  const again = one.again ? " It will be tried again." : "";
  item.append(element("p", `${one.reason} Attempt ${number(one.attempts)}.${again}`, "quiet"));
  return item;
}

export function showScan(report) {
  const runs = running(report);
  paused = report.paused;
  byId("scan-progress").value = report.files > 0 ? report.filesDone / report.files : 0;
  const text = byId("scan-text");
  // Figures that change all the time are not read out; that it begins, rests and ends is.
  const state = `${report.state} ${report.paused}`;
  text.setAttribute("aria-live", state === said ? "off" : "polite");
  said = state;
  text.textContent = words(report);
  const reading = report.reading.map((one) => `${one.path} ${Math.round(one.part * 100)} %`).join(", ");
  byId("scan-cost").textContent = reading ? `${cost(report)}; reading ${reading}` : cost(report);
  byId("start").disabled = runs;
  byId("pause").disabled = !runs && !paused;
  byId("pause").textContent = paused ? "Resume" : "Pause";
  byId("problems").replaceChildren(...report.problems.map(problem));
  byId("failures").hidden = report.problems.length === 0;
  byId("retry").hidden = report.failed === 0;
}

async function showFolders(folder) {
  const answer = await listFolders(folder);
  byId("folder").value = answer.folder;
  byId("chosen").textContent = answer.folder
    ? `Folders in ${answer.folder}`
    : answer.folders.length === 0
      ? "The library has no folders in it."
      : "Folders of the library";
  const buttons = answer.folders.map((name) => folderButton(name.split("/").at(-1), name));
  if (answer.folder) {
    buttons.unshift(folderButton("Up", answer.folder.split("/").slice(0, -1).join("/")));
  }
  byId("folders").replaceChildren(...buttons);
}

function folderButton(label, folder) {
  const item = element("li");
  const button = element("button", label, "second");
  button.type = "button";
  button.addEventListener("click", () =>
    attempt(async () => {
      await showFolders(folder);
      byId("folders").querySelector("button")?.focus();
    }),
  );
  item.append(button);
  return item;
}

export function setUpScan() {
  byId("scan").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => showScan(await startScan(byId("folder").value.trim())));
  });
  byId("pause").addEventListener("click", () =>
    attempt(async () => showScan(await (paused ? resumeScan() : pauseScan()))),
  );
  byId("retry").addEventListener("click", () => attempt(async () => showScan(await retryScan())));
  byId("choose").addEventListener("click", () => {
    const chooser = byId("chooser");
    chooser.hidden = !chooser.hidden;
    byId("choose").setAttribute("aria-expanded", String(!chooser.hidden));
    if (!chooser.hidden) {
      attempt(() => showFolders(byId("folder").value.trim()));
    }
  });
}
