import { readDocument, search } from "./api.js";
import { attempt, byId, clearSilence, isolated, Refused, setText } from "./dom.js";
import { hideDocument, setUpDocument, showDocument, showNotes } from "./document.js";
import { connectionWords, listen } from "./live.js";
import { setUpListing, showHits, showPage, showPlace } from "./listing.js";
import { addressOf, HOME, placeIn } from "./place.js";
import { setUpScan, showScan } from "./scan.js";

const PAGE_SIZE = 20;
const MOST_HITS = 50;
const TITLE = document.title;

let place = HOME;
let turns = 0;
let close = () => {};
const words = connectionWords();

/** One stream tells of all that is shown, and is opened anew when that changes. */
function follow() {
  close();
  const { q, page, document: open } = place;
  const query = new URLSearchParams(
    q ? { q, size: MOST_HITS, document: open } : { page, size: PAGE_SIZE, document: open },
  );
  close = listen(
    `/api/library/events?${query}`,
    { scan: showScan, documents: showPage, hits: showHits, notes: showNotes },
    (state) => {
      setText(byId("offline"), words(state));
      if (state === "live") {
        clearSilence();
      }
    },
  );
}

/** Asks for what may be refused: a stream does not say why it is. */
async function ask(wanted) {
  const hits = wanted.q && wanted.q !== place.q ? await search(wanted.q, MOST_HITS) : undefined;
  const opened =
    wanted.document && wanted.document !== place.document
      ? await readDocument(wanted.document, 0)
      : undefined;
  return { hits, opened };
}

/** Shows a place, unless somebody wants another one meanwhile: then how it ended is of no use. */
async function show(wanted, first = false) {
  const turn = ++turns;
  const answers = await ask(wanted).catch((error) => ({ error }));
  if (turn !== turns) {
    return false;
  }
  if (answers.error) {
    throw answers.error;
  }
  const { hits, opened } = answers;
  place = wanted;
  showPlace(place);
  if (hits) {
    showHits(hits);
    byId("results-title").scrollIntoView({ block: "nearest" });
  }
  if (opened) {
    showDocument(opened);
    document.title = `${isolated(opened.document.title)} · ${TITLE}`;
    if (!first) {
      byId("document").focus();
    }
  } else if (!place.document) {
    hideDocument();
    document.title = place.q ? `${place.q} · ${TITLE}` : TITLE;
  }
  follow();
  return true;
}

function go(change) {
  return attempt(async () => {
    const wanted = { ...place, ...change };
    const address = addressOf(wanted);
    if ((await show(wanted)) && address !== addressOf(placeIn(location.search))) {
      history.pushState(null, "", address);
    }
  });
}

/** Shows what the address says, or else what was shown; the address stays if it may work later. */
function arrive(first) {
  return attempt(async () => {
    try {
      await show(placeIn(location.search), first);
    } catch (error) {
      if (error instanceof Refused) {
        history.replaceState(null, "", addressOf(place));
      }
      await show(place);
      throw error;
    }
  });
}

setUpScan();
setUpListing(go);
setUpDocument(() => go({ document: 0 }));
addEventListener("popstate", () => arrive(false));
arrive(true);
