/** How long a page waits before it says that it waits. */
const PATIENCE = 5_000;
const PAUSE = 3_000;
/** A stream that missed so many heartbeats is dead, though nobody has closed it. */
const MISSED = 3;

/**
 * Listens to one stream of events while the page is in sight: a browser keeps six connections to a
 * server, and a page that nobody sees needs none. What is missed meanwhile is told again, as each
 * stream begins with the whole of what it is about.
 *
 * The browser connects again by itself; when it has given up, because the server refused, it is
 * tried again after a while. It does not notice a server that hangs, or a network that is gone, so
 * the page listens to the heartbeats, and connects anew when they stay away.
 *
 * @param handlers what to do with the data of each kind of event
 * @param state told "live", "slow" (no answer yet), "lost", "refused", or "silent" with the
 *     time when something was heard last
 * @return a function that ends it
 */
export function listen(path, handlers, state) {
  let source;
  let again;
  let slow;
  let silence;
  // How long nothing may be heard; the first heartbeat says how often there is one.
  let longest;
  const stop = () => {
    clearTimeout(silence);
    clearTimeout(again);
    clearTimeout(slow);
    source?.close();
    source = undefined;
  };
  const hear = () => {
    const last = Date.now();
    clearTimeout(silence);
    if (longest !== undefined) {
      silence = setTimeout(() => {
        state("silent", last);
        open();
        // That is known already.
        clearTimeout(slow);
      }, longest);
    }
  };
  const open = () => {
    stop();
    const opened = new EventSource(path);
    source = opened;
    slow = setTimeout(() => state("slow"), PATIENCE);
    opened.onopen = () => {
      clearTimeout(slow);
      hear();
      state("live");
    };
    opened.onerror = () => {
      clearTimeout(slow);
      clearTimeout(silence);
      const refused = opened.readyState === EventSource.CLOSED;
      if (refused) {
        again = setTimeout(open, PAUSE);
      }
      state(refused ? "refused" : "lost");
    };
    opened.addEventListener("alive", (event) => {
      longest = MISSED * Number(event.data);
      hear();
    });
    for (const [name, handle] of Object.entries(handlers)) {
      opened.addEventListener(name, (event) => {
        hear();
        handle(JSON.parse(event.data));
      });
    }
  };
  const look = () => {
    if (document.hidden) {
      stop();
    } else if (!source) {
      open();
    }
  };
  // A browser may keep a page that was left, and show it again.
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", stop);
    removeEventListener("pageshow", look);
    stop();
  };
}

/** Puts into words how a stream is, and since when; nothing while it is live. */
export function connectionWords() {
  let since;
  return (state, when = Date.now()) => {
    if (state === "live") {
      since = undefined;
      return "";
    }
    since ??= new Date(when).toLocaleTimeString();
    if (state === "slow") {
      return (
        "No answer yet. The application may be busy, or too many windows show these pages: a browser " +
        "keeps at most six connections to one server."
      );
    }
    const what =
      state === "silent" ? `Nothing heard since ${since}: the application hangs.` : `No connection since ${since}.`;
    return `${what} The page shows what it was told until then, and goes on when the application answers again.`;
  };
}
