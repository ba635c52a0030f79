import { byId } from "./dom.js";
import { setUpDocument, showNotes } from "./document.js";
import { listen } from "./live.js";
import { setUpListing, showHits, showPage } from "./listing.js";
import { setUpScan, showScan } from "./scan.js";

const PAGE_SIZE = 20;
const MOST_HITS = 50;

// What this page shows. One stream tells of all of it, and is opened anew when that changes.
const shown = { q: "", page: 0, document: 0 };
let close = () => {};

function follow(change) {
  Object.assign(shown, change);
  close();
  const query = new URLSearchParams(
    shown.q
      ? { q: shown.q, size: MOST_HITS, document: shown.document }
      : { page: shown.page, size: PAGE_SIZE, document: shown.document },
  );
  close = listen(
    `/api/library/events?${query}`,
    { scan: showScan, documents: showPage, hits: showHits, notes: showNotes },
    (connected) => {
      byId("offline").hidden = connected;
    },
  );
}

setUpListing(follow);
setUpDocument(follow);
setUpScan();
follow({});
