import { byId, bytes, counted, element, number, showProblem, clearProblem } from "./dom.js";
import { openDocument } from "./document.js";
import { search as searchOnce } from "./api.js";

let page = 0;
let query = "";
let follow;

/** Fills an entry of the list, keeping the button that somebody may be on. */
function fill(item, { key, id, title, about, snippet }) {
  if (item.dataset.key !== key) {
    item.dataset.key = key;
    const button = element("button");
    button.type = "button";
    button.addEventListener("click", () => openDocument(id, button));
    item.replaceChildren(button, element("p", "", "quiet"));
  }
  const [button, line, old] = item.children;
  setText(button, title);
  setText(line, about);
  const text = snippet && JSON.stringify(snippet);
  if (snippet && text !== item.shownSnippet) {
    item.shownSnippet = text;
    const made = marked(snippet);
    if (old) {
      old.replaceWith(made);
    } else {
      item.append(made);
    }
  }
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/**
 * Brings the list up to date and leaves alone what stays: to replace it would take the focus away
 * from whoever uses it by keyboard.
 */
function showEntries(entries) {
  const list = byId("list");
  const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const wanted = entries.map((entry) => {
    const item = there.get(entry.key) ?? element("li");
    there.delete(entry.key);
    fill(item, entry);
    return item;
  });
  for (const item of there.values()) {
    item.remove();
  }
  wanted.forEach((item, i) => {
    if (list.children[i] !== item) {
      list.insertBefore(item, list.children[i] ?? null);
    }
  });
}

function marked(segments) {
  const text = element("p", undefined, "snippet");
  for (const segment of segments) {
    text.append(segment.hit ? element("mark", segment.text) : segment.text);
  }
  return text;
}

function showPaging(current, pages) {
  byId("previous").disabled = current <= 0;
  byId("next").disabled = current + 1 >= pages;
  setText(byId("page"), pages > 0 ? `Page ${number(current + 1)} of ${number(pages)}` : "");
}

export function showPage(answer) {
  setText(byId("results-title"), "Documents");
  setText(
    byId("results-text"),
    answer.total === 0 ? "The library is empty. Scan a folder." : counted(answer.total, "document"),
  );
  showEntries(
    answer.documents.map((d) => ({
      key: `d${d.id}`,
      id: d.id,
      title: d.title,
      about: `${d.path} · ${counted(d.paragraphs, "paragraph")} · ${bytes(d.size)}`,
    })),
  );
  showPaging(page, answer.pages);
}

export function showHits(answer) {
  setText(byId("results-title"), `Found for “${answer.query}”`);
  setText(
    byId("results-text"),
    answer.more
      ? `The best ${number(answer.hits.length)} paragraphs`
      : counted(answer.hits.length, "paragraph"),
  );
  showEntries(
    answer.hits.map((hit) => ({
      key: `h${hit.documentId}-${hit.position}`,
      id: hit.documentId,
      title: hit.title,
      about: `${hit.path}, paragraph ${number(hit.position + 1)}`,
      snippet: hit.snippet,
    })),
  );
  showPaging(0, 0);
}

function turn(step) {
  page += step;
  follow({ page });
}

/** Asks once before it listens: a stream that is refused does not say why. */
async function search() {
  const typed = byId("query").value.trim();
  if (typed === "") {
    leaveSearch();
    return;
  }
  try {
    clearProblem();
    showHits(await searchOnce(typed));
    query = typed;
    page = 0;
    follow({ q: query, page });
  } catch (error) {
    showProblem(error);
  }
}

function leaveSearch() {
  clearProblem();
  query = "";
  page = 0;
  follow({ q: "", page });
}

export function setUpListing(listenTo) {
  follow = listenTo;
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  byId("query").addEventListener("input", () => {
    if (query && byId("query").value === "") {
      leaveSearch();
    }
  });
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
}
