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
// What the address says of the place, as far as the page has followed it.
let followed = "";
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
    (state, when) => {
      setText(byId("offline"), words(state, when));
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
  const query = byId("query");
  const written = query.value;
  const answers = await ask(wanted).catch((error) => ({ error }));
  if (turn !== turns) {
    return false;
  }
  if (answers.error) {
    throw answers.error;
  }
  const { hits, opened } = answers;
  // What somebody has begun to write stays.
  if (wanted.q !== place.q && query.value === written) {
    query.value = wanted.q;
  }
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

const address = () => addressOf(placeIn(location.search));

function go(change) {
  return attempt(async () => {
    const wanted = { ...place, ...change };
    if ((await show(wanted)) && addressOf(wanted) !== address()) {
      history.pushState(null, "", addressOf(wanted));
      followed = address();
    }
  });
}

/**
 * Shows what is left of a place that could not be shown: without its document, if there is no such
 * document, or else what was shown. The address stays if it may work later.
 */
async function fallBack(wanted, error) {
  if (!(error instanceof Refused)) {
    return show(place);
  }
  const rest = wanted.document ? { ...wanted, document: 0 } : place;
  history.replaceState(null, "", addressOf(rest));
  followed = address();
  return show(rest).catch((another) => fallBack(rest, another));
}

/** Shows what the address says. */
function arrive(first) {
  followed = address();
  const wanted = placeIn(location.search);
  return attempt(async () => {
    try {
      await show(wanted, first);
    } catch (error) {
      if (await fallBack(wanted, error)) {
        throw error;
      }
    }
  });
}

setUpScan();
setUpListing(go);
setUpDocument(() => go({ document: 0 }));
addEventListener("popstate", () => {
  // A link within the page leads to the same place.
  if (address() !== followed) {
    arrive(false);
  }
});
arrive(true);
