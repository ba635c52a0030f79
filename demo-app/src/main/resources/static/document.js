import { addNote, readDocument } from "./api.js";
import { attempt, byId, bytes, element, number, time } from "./dom.js";

let shown;
let nextParagraph = 0;
let cameFrom;
let follow;

function note(saved) {
  const item = element("li", saved.text);
  item.dataset.id = saved.id;
  item.append(element("p", time(saved.createdAt), "quiet"));
  return item;
}

/** The notes, the latest first; those that are there stay. */
export function showNotes(notes) {
  const list = byId("notes");
  const there = new Map([...list.children].map((item) => [item.dataset.id, item]));
  list.replaceChildren(...notes.map((one) => there.get(String(one.id)) ?? note(one)));
}

async function showText() {
  const answer = await readDocument(shown, nextParagraph);
  const { document: about } = answer;
  byId("document-title").textContent = about.title;
  byId("document-about").textContent =
    `${about.path} · ${bytes(about.size)} · changed ${time(about.modified)}`;
  byId("text").append(...answer.paragraphs.map((text) => element("p", text)));
  showNotes(answer.notes);
  nextParagraph += answer.paragraphs.length;
  byId("more").hidden = nextParagraph >= about.paragraphs || answer.paragraphs.length === 0;
}

export function openDocument(id, opener) {
  shown = id;
  nextParagraph = 0;
  cameFrom = opener;
  byId("text").replaceChildren();
  byId("notes").replaceChildren();
  byId("note-state").textContent = "";
  return attempt(async () => {
    await showText();
    byId("results").hidden = true;
    byId("document").hidden = false;
    byId("document").focus();
    follow({ document: id });
  });
}

function close() {
  byId("document").hidden = true;
  byId("results").hidden = false;
  follow({ document: 0 });
  (cameFrom?.isConnected ? cameFrom : byId("results")).focus();
}

async function save() {
  const saved = await addNote(shown, byId("note-text").value);
  byId("note-text").value = "";
  byId("note-state").textContent = `Saved as note ${number(saved.id)}.`;
}

export function setUpDocument(listenTo) {
  follow = listenTo;
  byId("close").addEventListener("click", close);
  byId("document").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    }
  });
  byId("more").addEventListener("click", () => attempt(showText));
  byId("note").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(save);
  });
}
