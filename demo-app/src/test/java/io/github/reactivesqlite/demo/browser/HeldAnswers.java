package io.github.reactivesqlite.demo.browser;

/** Answers that a page has asked for and waits for, until a test lets it have them. */
final class HeldAnswers {

  // The page has read an answer and done what follows from it when a task after that runs.
  private static final String HOLD =
      """
      const part = arguments[0];
      const ask = window.fetch;
      window.heldAnswers = [];
      window.fetch = (path, options) => {
        const asked = ask(path, options);
        return !path.includes(part) ? asked : new Promise((give) =>
          heldAnswers.push(async (status, broken) => {
            const answer = status === 200
              ? await asked
              : new Response(JSON.stringify({ detail: "Refused by the test." }), { status });
            const body = await answer.text();
            await new Promise((done) => {
              answer.text = async () => {
                setTimeout(done);
                if (broken) {
                  throw new TypeError("Broken off by the test.");
                }
                return body;
              };
              give(answer);
            });
          }));
      };
      """;

  private final Browser browser;

  private HeldAnswers(Browser browser) {
    this.browser = browser;
  }

  /** From now on holds those to requests whose path has a part, until the page is left. */
  static HeldAnswers of(Browser browser, String part) {
    browser.script(HOLD, part);
    return new HeldAnswers(browser);
  }

  /** Waits until the page has asked for so many. */
  void await(int count) {
    browser.await(
        count + " requests",
        () -> ((Number) browser.script("return heldAnswers.length")).intValue() == count);
  }

  /** Lets the page have one, counted from zero, and waits until it has done what it does then. */
  void give(int which) {
    give(which, 200);
  }

  /** The same with a failure instead. */
  void give(int which, int status) {
    browser.script("return heldAnswers[arguments[0]](arguments[1], false)", which, status);
  }

  /** The same, but only the answer's beginning arrives. */
  void breakOff(int which) {
    browser.script("return heldAnswers[arguments[0]](200, true)", which);
  }
}
