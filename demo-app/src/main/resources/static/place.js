// Where somebody is, as the address of the page says it: so that reloading, going back and
// bookmarks lead to the same.

export const HOME = { q: "", page: 0, document: 0 };
// Those beyond it are refused.
const LAST_PAGE = 1_000_000;

const whole = (text) => (/^\d{1,9}$/.test(text ?? "") ? Number(text) : 0);

export function placeIn(query) {
  const values = new URLSearchParams(query);
  const q = (values.get("q") ?? "").trim();
  // People count pages from one, and hits have one page.
  const page = q ? 0 : Math.min(LAST_PAGE, Math.max(0, whole(values.get("page")) - 1));
  return { q, page, document: whole(values.get("document")) };
}

export function addressOf({ q, page, document }) {
  const values = new URLSearchParams();
  if (q) {
    values.set("q", q);
  }
  if (page > 0) {
    values.set("page", page + 1);
  }
  if (document > 0) {
    values.set("document", document);
  }
  const query = values.toString();
  return query ? `/?${query}` : "/";
}
