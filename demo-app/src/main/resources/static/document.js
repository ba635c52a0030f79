import { addNote, readDocument } from "./api.js";
import { attempt, byId, bytes, element, number, setNamed, setText, time } from "./dom.js";

let shown = 0;
let paragraphs = 0;
let loading = false;
let saving = false;
// What was begun and not saved, by document.
const drafts = new Map();

function note(saved) {
  const item = element("li");
  item.dataset.id = saved.id;
  const text = element("p", saved.text);
  text.dir = "auto";
  item.append(text, element("p", time(saved.createdAt), "quiet"));
  return item;
}

/** The notes, the latest first; those that are there stay. */
export function showNotes(notes) {
  const list = byId("notes");
  const there = new Map([...list.children].map((item) => [item.dataset.id, item]));
  list.replaceChildren(...notes.map((one) => there.get(String(one.id)) ?? note(one)));
}

/** Adds to the text and gives the first that was added. */
function append(answer) {
  const added = answer.paragraphs.map((text) => {
    const made = element("p", text);
    made.dir = "auto";
    return made;
  });
  byId("text").append(...added);
  paragraphs += added.length;
  byId("more").hidden = paragraphs >= answer.document.paragraphs || added.length === 0;
  return added[0];
}

function keepDraft() {
  drafts.set(shown, byId("note-text").value);
}

export function showDocument(answer) {
  const { document: about } = answer;
  keepDraft();
  shown = about.id;
  paragraphs = 0;
  setNamed(byId("document-title"), about.title);
  setNamed(byId("document-about"), about.path, ` · ${bytes(about.size)} · changed ${time(about.modified)}`);
  byId("text").replaceChildren();
  byId("note-state").textContent = "";
  byId("note-text").value = drafts.get(shown) ?? "";
  append(answer);
  showNotes(answer.notes);
  byId("results").hidden = true;
  byId("document").hidden = false;
}

/** Shows the list again, and goes back to where somebody was in it. */
export function hideDocument() {
  if (shown === 0) {
    return;
  }
  const inside = byId("document").contains(document.activeElement);
  const opener = byId("list").querySelector(`a[data-id="${shown}"]`);
  keepDraft();
  shown = 0;
  byId("document").hidden = true;
  byId("results").hidden = false;
  if (inside || document.activeElement === document.body) {
    (opener ?? byId("results")).focus();
  }
}

async function showMore() {
  if (loading) {
    return;
  }
  loading = true;
  try {
    const id = shown;
    const from = paragraphs;
    const answer = await readDocument(id, from);
    // It may have been closed and opened again meanwhile, from its beginning.
    if (id === shown && from === paragraphs) {
      const first = append(answer);
      if (byId("more").hidden && first) {
        // The button that had the focus is gone.
        first.tabIndex = -1;
        first.focus({ preventScroll: true });
      }
    }
  } finally {
    loading = false;
  }
}

async function save() {
  if (saving) {
    return;
  }
  saving = true;
  try {
    const id = shown;
    const text = byId("note-text").value;
    const saved = await addNote(id, text);
    // What was written meanwhile is not saved.
    if (drafts.get(id) === text) {
      drafts.delete(id);
    }
    if (id === shown) {
      const field = byId("note-text");
      if (field.value === text) {
        field.value = "";
      }
      setText(byId("note-state"), `Saved as note ${number(saved.id)}.`);
    }
  } finally {
    saving = false;
  }
}

export function setUpDocument(leave) {
  byId("close").addEventListener("click", leave);
  byId("document").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      leave();
    }
  });
  byId("more").addEventListener("click", () => attempt(showMore));
  byId("note").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(save);
  });
}
