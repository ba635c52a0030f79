import { addNote, readDocument } from "./api.js";
import { attempt, byId, bytes, element, number, time } from "./dom.js";

let shown;
let nextParagraph = 0;
let cameFrom;

function note(saved) {
  const item = element("li", saved.text);
  item.append(element("p", time(saved.createdAt), "quiet"));
  return item;
}

async function showText() {
  const answer = await readDocument(shown, nextParagraph);
  const { document: about } = answer;
  byId("document-title").textContent = about.title;
  byId("document-about").textContent =
    `${about.path} · ${bytes(about.size)} · changed ${time(about.modified)}`;
  byId("text").append(...answer.paragraphs.map((text) => element("p", text)));
  byId("notes").replaceChildren(...answer.notes.map(note));
  nextParagraph += answer.paragraphs.length;
  byId("more").hidden = nextParagraph >= about.paragraphs || answer.paragraphs.length === 0;
}

export function openDocument(id, opener) {
  shown = id;
  nextParagraph = 0;
  cameFrom = opener;
  byId("text").replaceChildren();
  byId("note-state").textContent = "";
  return attempt(async () => {
    await showText();
    byId("results").hidden = true;
    byId("document").hidden = false;
    byId("document").focus();
  });
}

function close() {
  byId("document").hidden = true;
  byId("results").hidden = false;
  (cameFrom?.isConnected ? cameFrom : byId("results")).focus();
}

async function save() {
  const saved = await addNote(shown, byId("note-text").value);
  byId("note-text").value = "";
  byId("notes").prepend(note(saved));
  byId("note-state").textContent = `Saved as note ${number(saved.id)}.`;
}

export function setUpDocument() {
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
