import { NoAnswer, Refused } from "./dom.js";

/** Longer than anything here waits for the database. */
const LONGEST_WAIT = 60_000;
const REFUSALS = [400, 404];

/** Whatever was sent to be saved may have arrived, and only its answer is missing. */
const noAnswer = (what, { method }) =>
  new NoAnswer(
    method === undefined
      ? what
      : `${what} What you sent may have been saved all the same: look before you send it again.`,
  );

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(LONGEST_WAIT) });
  } catch {
    throw noAnswer("The application does not answer. Is it still running?", options);
  }
  let body = null;
  try {
    const text = await response.text();
    body = text === "" ? null : JSON.parse(text);
  } catch {
    if (response.ok) {
      throw noAnswer("The answer of the application broke off.", options);
    }
  }
  if (!response.ok) {
    const Kind = REFUSALS.includes(response.status) ? Refused : Error;
    throw new Kind(body?.detail ?? `The application answered with status ${response.status}.`);
  }
  return body;
}

const get = (path, values = {}) => {
  const query = new URLSearchParams(values).toString();
  return send(query ? `${path}?${query}` : path);
};

const post = (path, body = {}) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const readDocument = (id, from) => get(`/api/documents/${id}`, { from, count: 100 });
export const search = (q, limit) => get("/api/search", { q, limit });
export const addNote = (documentId, text) => post("/api/notes", { documentId, text });
export const startScan = (folder) => post("/api/library/scan", { folder });
export const pauseScan = () => post("/api/library/scan/pause");
export const resumeScan = () => post("/api/library/scan/resume");
export const retryScan = () => post("/api/library/scan/retry");
export const listFolders = (folder) => get("/api/library/folders", { folder });
export const readLab = () => get("/api/lab");
export const startRun = (run) => post("/api/lab/runs", run);
export const cancelRun = (id) => post(`/api/lab/runs/${id}/cancel`);
