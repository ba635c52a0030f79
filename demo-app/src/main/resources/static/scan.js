import { listFolders, pauseScan, resumeScan, retryScan, startScan } from "./api.js";
import {
  attempt,
  byId,
  counted,
  element,
  isolated,
  number,
  report as tell,
  setText,
  visible,
} from "./dom.js";

const WORDS = {
  NONE: "Nothing has been scanned yet.",
  LISTING: "Looking for files …",
  INDEXING: "Indexing",
  DONE: "The last scan is finished",
  FAILED: "The folder could not be listed.",
};
const MOST_READING = 3;
const WHOLE = ".";

let paused = false;
let said = "";
let problemsShown = "";
// The field for the folder drops what cannot be typed, so a name is kept beside it.
let chosen = { name: "", written: "" };

const running = (report) => report.state === "LISTING" || report.state === "INDEXING";

function words(report) {
  const inside = report.folder && report.folder !== WHOLE ? ` ${isolated(report.folder)}` : "";
  if (report.state !== "INDEXING" && report.state !== "DONE") {
    return WORDS[report.state];
  }
  const begin =
    report.state === "DONE" ? WORDS.DONE : `${report.paused ? "Paused" : WORDS.INDEXING}${inside}`;
  const kinds = [
    [report.unchanged, "unchanged"],
    [report.notText, "left out"],
    [report.removed, "removed"],
    [report.failed, "not readable"],
    [report.retrying, "to be tried again"],
  ];
  return (
    `${begin}: ${number(report.filesDone)} of ${counted(report.files, "file")}, ` +
    `${counted(report.documents, "document")} written` +
    kinds.filter(([count]) => count > 0).map(([count, name]) => `, ${number(count)} ${name}`).join("") +
    (report.state === "DONE" && !report.complete ? ". Some files or folders could not be looked at" : "")
  );
}

/** Somebody may have paused before there is anything to hold back. */
function status(report) {
  const said = words(report);
  return report.paused && report.state !== "INDEXING"
    ? `${said.replace(/(\.| …)$/, "")}. Paused: no file is begun until somebody resumes.`
    : said;
}

function cost(report) {
  if (report.state === "NONE") {
    return "";
  }
  const rows = `${counted(report.rows, "row")} in ${report.seconds.toFixed(1)} s (${number(report.rowsPerSecond)} rows/s)`;
  // Those of another process, or of this one before it was started anew, are not known.
  return report.mostWritersInFlight === 0
    ? rows
    : `${rows}, at most ${counted(report.mostWritersInFlight, "writer")} in flight, ` +
        `${number(report.lock.waitMillis)} ms waited for locks, ${number(report.lock.retries)} retries, ` +
        counted(report.lock.failures, "failure");
}

function reading(report) {
  const shown = report.reading
    .slice(0, MOST_READING)
    .map((one) => `${isolated(one.path)} ${Math.round(one.part * 100)} %`);
  const more = report.reading.length - shown.length;
  if (shown.length === 0) {
    return "";
  }
  return `Reading ${shown.join(", ")}${more > 0 ? ` and ${counted(more, "other file")}` : ""}`;
}

function problem(one) {
  const item = element("li");
  item.append(element("bdi", one.path === WHOLE ? "The whole library" : visible(one.path)));
  const again = one.again ? " It will be tried again." : "";
  item.append(element("p", `${one.reason} Attempt ${number(one.attempts)}.${again}`, "quiet"));
  return item;
}

function showProblems(problems) {
  const json = JSON.stringify(problems);
  if (json !== problemsShown) {
    problemsShown = json;
    byId("problems").replaceChildren(...problems.map(problem));
  }
  byId("failures").hidden = problems.length === 0;
}

export function showScan(report) {
  const runs = running(report);
  paused = report.paused;
  byId("scan-progress").value = report.files > 0 ? report.filesDone / report.files : 0;
  // Figures that change all the time are not read out; that it begins, rests and ends is.
  const state = `${report.state} ${report.paused}`;
  tell(byId("scan-text"), status(report), state !== said);
  said = state;
  setText(byId("scan-cost"), cost(report));
  setText(byId("scan-reading"), reading(report));
  byId("scan-reading").hidden = !runs;
  byId("start").disabled = runs;
  byId("pause").disabled = !runs && !paused;
  setText(byId("pause"), paused ? "Resume" : "Pause");
  showProblems(report.problems);
  byId("retry").hidden = report.problems.every((one) => one.again);
}

function folderName() {
  const written = byId("folder").value;
  return written === chosen.written ? chosen.name : written.trim();
}

async function showFolders(folder) {
  const answer = await listFolders(folder);
  byId("folder").value = answer.folder;
  chosen = { name: answer.folder, written: byId("folder").value };
  byId("chosen").textContent = answer.folder
    ? `Folders in ${isolated(answer.folder)}`
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
  const button = element("button", visible(label), "second");
  button.dir = "auto";
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
    attempt(async () => showScan(await startScan(folderName())));
  });
  byId("pause").addEventListener("click", () =>
    attempt(async () => showScan(await (paused ? resumeScan() : pauseScan()))),
  );
  byId("retry").addEventListener("click", () =>
    attempt(async () => {
      showScan(await retryScan());
      // The button goes with what it was for.
      byId("scan-title").focus();
    }),
  );
  byId("choose").addEventListener("click", () => {
    const chooser = byId("chooser");
    chooser.hidden = !chooser.hidden;
    byId("choose").setAttribute("aria-expanded", String(!chooser.hidden));
    if (!chooser.hidden) {
      attempt(() => showFolders(folderName()));
    }
  });
}
