package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Point;

/** A chart is asked about a moment by mouse and by finger, as a browser sends them. */
@Tag("process")
class ChartPointersTest extends InBrowser {

  @BeforeEach
  void start() {
    open();
    browser.resize(360, 740);
    browser.visit("/dashboard.html");
    browser.await(
        "a line",
        () ->
            (Boolean)
                browser.script("return document.querySelector('figure path.s1[d*=L]') !== null"));
    browser.script(
        """
        window.seen = [];
        for (const kind of ["pointerup", "pointercancel"]) {
          addEventListener(kind, (event) => seen.push(`${event.pointerType} ${kind}`));
        }
        """);
  }

  @Test
  void mouseAsksUntilItLeaves() {
    browser.pointAt(chart(0.5, 0.5));
    awaitLook(true);
    browser.pointAt(new Point(5, 5));
    awaitLook(false);
    browser.assertCalmAndAtHome();
  }

  @Test
  void tapAsksUntilSomethingElseIsTapped() {
    browser.touch(chart(0.5, 0.5));
    browser.lift();
    browser.await("the finger is lifted", () -> seen().contains("touch pointerup"));
    assertThat(looks()).isTrue();
    tapElsewhere();
    awaitLook(false);
    browser.assertCalmAndAtHome();
  }

  @Test
  void fingerThatIsDrawnAlongAsksUntilSomethingElseIsTapped() {
    browser.touch(chart(0.3, 0.5));
    for (double x = 0.4; x < 0.8; x += 0.1) {
      browser.draw(chart(x, 0.5));
    }
    browser.lift();
    browser.await("the finger is lifted", () -> seen().contains("touch pointerup"));
    assertThat(looks()).isTrue();
    tapElsewhere();
    awaitLook(false);
    browser.assertCalmAndAtHome();
  }

  @Test
  void fingerThatScrollsThePageAsksNothing() {
    Point from = chart(0.5, 0.9);
    browser.touch(from);
    awaitLook(true);
    for (int y = 20; y <= 200; y += 20) {
      browser.draw(from.moveBy(0, -y));
    }
    browser.await("the page scrolls", () -> seen().contains("touch pointercancel"));
    browser.lift();

    assertThat(looks()).isFalse();
    browser.assertCalmAndAtHome();
  }

  private void tapElsewhere() {
    browser.touch(new Point(180, 5));
    browser.lift();
  }

  /** A point of the first chart, as parts of its width and height. */
  private Point chart(double x, double y) {
    List<?> at =
        (List<?>)
            browser.script(
                """
                const box = document.querySelector("#charts .chart").getBoundingClientRect();
                return [
                  Math.round(box.left + box.width * arguments[0]),
                  Math.round(box.top + box.height * arguments[1]),
                ];
                """,
                x,
                y);
    return new Point(((Number) at.get(0)).intValue(), ((Number) at.get(1)).intValue());
  }

  private List<?> seen() {
    return (List<?>) browser.script("return seen");
  }

  /** Whether a moment is looked at, and not the present. */
  private boolean looks() {
    return !browser.all("#charts .when").get(0).getText().isEmpty();
  }

  private void awaitLook(boolean wanted) {
    browser.await("looks: " + wanted, () -> looks() == wanted);
  }
}
