/**
 * Listens to one stream of events. The browser connects again by itself; when it has given up,
 * because the server refused, it is said, and tried again after a while.
 *
 * @param handlers what to do with the data of each kind of event
 * @param state told whether the stream is connected
 * @return a function that ends it
 */
export function listen(path, handlers, state) {
  let source;
  let again;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => state(true);
    source.onerror = () => {
      state(false);
      if (source.readyState === EventSource.CLOSED) {
        again = setTimeout(open, 3000);
      }
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  };
  const close = () => {
    clearTimeout(again);
    source.close();
  };
  // A browser may keep a page that was left, and show it again: meanwhile it does not listen.
  const reopen = (event) => {
    if (event.persisted) {
      open();
    }
  };
  addEventListener("pagehide", close);
  addEventListener("pageshow", reopen);
  open();
  return () => {
    removeEventListener("pagehide", close);
    removeEventListener("pageshow", reopen);
    close();
  };
}
