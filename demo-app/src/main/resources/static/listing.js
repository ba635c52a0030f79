import { listDocuments, search } from "./api.js";
import { attempt, byId, bytes, element, number } from "./dom.js";
import { openDocument } from "./document.js";

const PAGE_SIZE = 20;
let page = 0;
let query = "";

function entry(id, title, about, extra) {
  const item = element("li");
  const button = element("button", title);
  button.type = "button";
  button.addEventListener("click", () => openDocument(id, button));
  item.append(button, element("p", about, "quiet"));
  if (extra) {
    item.append(extra);
  }
  return item;
}

function snippet(segments) {
  const text = element("p", undefined, "snippet");
  for (const segment of segments) {
    text.append(segment.hit ? element("mark", segment.text) : segment.text);
  }
  return text;
}

function showPaging(current, pages) {
  byId("previous").disabled = current <= 0;
  byId("next").disabled = current + 1 >= pages;
  byId("page").textContent = pages > 0 ? `Page ${number(current + 1)} of ${number(pages)}` : "";
}

async function showList() {
  const answer = await listDocuments(page, PAGE_SIZE);
  byId("results-title").textContent = "Documents";
  byId("results-text").textContent =
    answer.total === 0 ? "The library is empty. Scan a folder." : `${number(answer.total)} documents`;
  byId("list").replaceChildren(
    ...answer.documents.map((d) =>
      entry(d.id, d.title, `${d.path} · ${number(d.paragraphs)} paragraphs · ${bytes(d.size)}`),
    ),
  );
  showPaging(page, answer.pages);
}

async function showHits() {
  const answer = await search(query);
  byId("results-title").textContent = `Found for “${answer.query}”`;
  byId("results-text").textContent = answer.more
    ? `The best ${number(answer.hits.length)} paragraphs`
    : `${number(answer.hits.length)} paragraphs`;
  byId("list").replaceChildren(
    ...answer.hits.map((hit) =>
      entry(hit.documentId, hit.title, `${hit.path}, paragraph ${number(hit.position + 1)}`,
        snippet(hit.snippet)),
    ),
  );
  showPaging(0, 0);
}

export const refresh = () => attempt(query ? showHits : showList);

/**
 * Shows documents that a scan has brought: when it has ended, or as long as there were none. Not in
 * between, as a list that is replaced takes the focus away from whoever uses it by keyboard.
 */
export function documentsChanged(ended) {
  if (!query && (ended || byId("list").children.length === 0)) {
    refresh();
  }
}

function turn(step) {
  page += step;
  refresh();
}

export function setUpListing() {
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    query = byId("query").value.trim();
    page = 0;
    refresh();
  });
  byId("query").addEventListener("input", () => {
    if (query && byId("query").value === "") {
      query = "";
      refresh();
    }
  });
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
}
