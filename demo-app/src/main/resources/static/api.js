async function answer(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Error(body?.detail ?? `The library answered with status ${response.status}.`);
  }
  return body;
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The library does not answer. Is it still running?");
  }
  return answer(response);
}

const get = (path, values = {}) => {
  const query = new URLSearchParams(values).toString();
  return send(query ? `${path}?${query}` : path);
};

const post = (path, body) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const readDocument = (id, from) => get(`/api/documents/${id}`, { from, count: 100 });
export const search = (q) => get("/api/search", { q, limit: 50 });
export const addNote = (documentId, text) => post("/api/notes", { documentId, text });
export const startScan = (folder) => post("/api/library/scan", { folder });
export const pauseScan = () => post("/api/library/scan/pause", {});
export const resumeScan = () => post("/api/library/scan/resume", {});
export const retryScan = () => post("/api/library/scan/retry", {});
export const listFolders = (folder) => get("/api/library/folders", { folder });
