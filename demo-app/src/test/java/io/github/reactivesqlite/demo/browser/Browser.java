package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.demo.RunningDemo;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Point;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;

/**
 * An installed Chromium without a window, and what it asked for and complained about. Every name
 * but the loopback address leads nowhere, so a request to elsewhere fails and is seen.
 */
final class Browser implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration DRIVER_START = Duration.ofSeconds(90);

  /** Instead of the home folder, which need not exist, or be writable, where it is built. */
  private static final String OWN_FOLDER =
      Path.of("target", "chromium").toAbsolutePath().toString();

  // It says each time that it knows no newer protocol than its own, which is not used here.
  private static final Logger LOG = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;
  private final String base;

  private Browser(ChromeDriver driver, String base) {
    this.driver = driver;
    this.base = base;
  }

  /** Skips the test where there is no Chromium, unless the build has promised one. */
  static Browser open(RunningDemo demo) {
    return open(demo.base());
  }

  /** The same for one that runs in a process of its own. */
  static Browser open(String base) {
    Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
    Optional<File> driver = onPath("chromedriver");
    boolean both = chromium.isPresent() && driver.isPresent();
    if (!both && "required".equals(System.getenv("RELIABILITY_TOOLS"))) {
      throw new AssertionError("No Chromium here: install the packages chromium, chromium-driver");
    }
    assumeTrue(both, "Skipped: needs the packages chromium and chromium-driver");
    LOG.setLevel(Level.SEVERE);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.orElseThrow())
            .usingAnyFreePort()
            .withTimeout(DRIVER_START)
            .withLogOutput(OutputStream.nullOutputStream())
            .withEnvironment(Map.of("XDG_CONFIG_HOME", OWN_FOLDER, "XDG_CACHE_HOME", OWN_FOLDER))
            .build();
    return new Browser(new ChromeDriver(service, options(chromium.orElseThrow())), base);
  }

  private static ChromeOptions options(File chromium) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.addArguments(
        "--headless=new",
        "--window-size=1200,900",
        // Builds run as root and in containers, where the sandbox has no place to stand.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  private static Optional<File> onPath(String... names) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(names)
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(at -> new File(at, name)))
        .filter(File::canExecute)
        .findFirst();
  }

  void visit(String path) {
    driver.get(base + path);
  }

  /** Another tab, which hides this one. */
  void openTab(String path) {
    driver.switchTo().newWindow(WindowType.TAB);
    visit(path);
  }

  void back() {
    driver.navigate().back();
  }

  void reload() {
    driver.navigate().refresh();
  }

  WebElement byId(String id) {
    return driver.findElement(By.id(id));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  String text(String id) {
    return byId(id).getText();
  }

  Object script(String code, Object... arguments) {
    return driver.executeScript(code, arguments);
  }

  /** Waits until it is so. */
  void await(String what, Supplier<Boolean> reached) {
    new WebDriverWait(driver, RunningDemo.LONG)
        .ignoring(StaleElementReferenceException.class)
        .pollingEvery(PACE)
        .withMessage(what)
        .until(any -> reached.get());
  }

  void awaitText(String id, String part) {
    await(id + " says " + part, () -> text(id).contains(part));
  }

  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** Moves the mouse to a point of what is seen. */
  void pointAt(Point point) {
    driver.executeCdpCommand(
        "Input.dispatchMouseEvent",
        Map.of("type", "mouseMoved", "x", point.getX(), "y", point.getY()));
  }

  /** Puts a finger on a point of what is seen. */
  void touch(Point point) {
    driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    finger("touchStart", point);
  }

  /** Moves the finger that was put down. */
  void draw(Point point) {
    finger("touchMove", point);
  }

  /** Lifts the finger. */
  void lift() {
    finger("touchEnd");
  }

  private void finger(String type, Point... points) {
    List<Map<String, Integer>> at =
        Stream.of(points).map(point -> Map.of("x", point.getX(), "y", point.getY())).toList();
    driver.executeCdpCommand("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", at));
  }

  /** The whole page, into the build's folder, for people to look at. */
  void picture(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Object png =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data");
    Files.write(folder.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(png)));
  }

  /** Fails if a page complained, or asked for anything that is not here. */
  void assertCalmAndAtHome() {
    assertThat(complaints()).as("what the console says").isEmpty();
    assertAtHome();
  }

  /** The same for a page that was refused something, as a browser says of itself. */
  void assertRefusedOnce(int status) {
    assertThat(complaints()).singleElement().asString().contains("a status of " + status);
    assertAtHome();
  }

  private List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        complaints.add(entry.getMessage());
      }
    }
    return complaints;
  }

  private void assertAtHome() {
    List<String> requests = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = RunningDemo.parse(entry.getMessage()).get("message");
      if (message.get("method").asString().equals("Network.requestWillBeSent")) {
        requests.add(message.get("params").get("request").get("url").asString());
      }
    }
    assertThat(requests).as("what was asked for").isNotEmpty().allMatch(this::isHere);
  }

  private boolean isHere(String url) {
    return url.startsWith("data:") || "127.0.0.1".equals(URI.create(url).getHost());
  }

  @Override
  public void close() {
    driver.quit();
  }
}
