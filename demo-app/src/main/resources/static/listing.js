import { byId, bytes, counted, element, number, report, setNamed, setText } from "./dom.js";
import { addressOf } from "./place.js";

let place;
let go;
// Whether somebody waits for what is shown next: then it is read out.
let expected = false;

/** Fills an entry of the list, keeping the link that somebody may be on. */
function fill(item, { key, id, title, path, about, snippet }) {
  if (item.dataset.key !== key) {
    item.dataset.key = key;
    const link = element("a");
    link.dataset.id = id;
    link.dir = "auto";
    link.addEventListener("click", (event) => {
      // Into another tab or window, or saved: as with any link.
      if (!(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
        event.preventDefault();
        go({ document: id });
      }
    });
    item.replaceChildren(link, element("p", "", "quiet"));
  }
  const [link, line, old] = item.children;
  link.href = addressOf({ ...place, document: id });
  setNamed(link, title);
  setNamed(line, path, about);
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
  text.dir = "auto";
  for (const segment of segments) {
    text.append(segment.hit ? element("mark", segment.text) : segment.text);
  }
  return text;
}

function showPaging(current, pages) {
  byId("pages").hidden = pages <= 1 && current === 0;
  byId("previous").disabled = current <= 0;
  byId("next").disabled = current + 1 >= pages;
  setText(byId("page"), `Page ${number(current + 1)} of ${number(Math.max(1, pages))}`);
}

function say(text) {
  report(byId("results-text"), text, expected);
  expected = false;
}

export function showPage(answer) {
  say(
    answer.total === 0
      ? "The library is empty. Scan a folder."
      : answer.documents.length === 0
        ? `${counted(answer.total, "document")}, none on this page`
        : counted(answer.total, "document"),
  );
  showEntries(
    answer.documents.map((d) => ({
      key: `d${d.id}`,
      id: d.id,
      title: d.title,
      path: d.path,
      about: ` · ${counted(d.paragraphs, "paragraph")} · ${bytes(d.size)}`,
    })),
  );
  showPaging(place.page, answer.pages);
}

export function showHits(answer) {
  say(
    answer.hits.length === 0
      ? "No paragraph has all of these words."
      : answer.more
        ? `The best ${number(answer.hits.length)} paragraphs`
        : counted(answer.hits.length, "paragraph"),
  );
  showEntries(
    answer.hits.map((hit) => ({
      key: `h${hit.documentId}-${hit.position}`,
      id: hit.documentId,
      title: hit.title,
      path: hit.path,
      about: `, paragraph ${number(hit.position + 1)}`,
      snippet: hit.snippet,
    })),
  );
  showPaging(0, 0);
}

/** Prepares the list for what is told next. */
export function showPlace(shown) {
  place = shown;
  expected = true;
  const page = place.page > 0 ? `, page ${number(place.page + 1)}` : "";
  setText(byId("results-title"), place.q ? `Found for “${place.q}”` : `Documents${page}`);
}

async function turn(step) {
  await go({ page: place.page + step });
  byId("results").focus();
}

export function setUpListing(goTo) {
  go = goTo;
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ q: byId("query").value.trim(), page: 0, document: 0 });
  });
  byId("query").addEventListener("input", () => {
    if (place.q && byId("query").value === "") {
      go({ q: "", page: 0 });
    }
  });
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
}
