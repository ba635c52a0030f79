package io.github.reactivesqlite.reliability.patched;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program of a child: runs the tests that its arguments name, {@code Class} or {@code
 * Class#method} below the base package, up to the first failure, and says how that ended. The
 * system property {@code patched} lists the classes that must come from a patched directory.
 */
final class SelectedTests implements TestExecutionListener {

  static final String RESULT = "result ";
  static final String PASSED = "passed ";
  static final String FAILED = "failed ";

  private static final String BASE = "io.github.reactivesqlite.";
  private static final int MOST_CHARACTERS = 120;

  /** Longer than any of the tests takes, also on a busy machine; a hang is noticed then. */
  private static final String TEST_TIMEOUT = System.getProperty("selected.timeout", "60 s");

  private final AtomicInteger passed = new AtomicInteger();

  public static void main(String[] selected) throws Exception {
    verifyOrigins();
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String name : selected) {
      String[] parts = name.split("#");
      selectors.add(
          parts.length == 1
              ? DiscoverySelectors.selectClass(BASE + parts[0])
              : method(BASE + parts[0], parts[1]));
    }
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameter("junit.jupiter.execution.timeout.default", TEST_TIMEOUT)
            // What hangs is left behind: some waits do not heed an interrupt
            .configurationParameter(
                "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
            .build();
    // Without BlockHound, which another test is about
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build());
    SelectedTests listener = new SelectedTests();
    launcher.execute(request, listener);
    listener.end(PASSED + listener.passed.get());
  }

  /** By its name alone, whatever its parameters. */
  private static DiscoverySelector method(String className, String name) throws Exception {
    for (Class<?> at = Class.forName(className); at != null; at = at.getSuperclass()) {
      for (Method method : at.getDeclaredMethods()) {
        if (method.getName().equals(name) && !method.isSynthetic()) {
          return DiscoverySelectors.selectMethod(Class.forName(className), method);
        }
      }
    }
    throw new IllegalArgumentException(className + " has no test " + name);
  }

  private static void verifyOrigins() throws Exception {
    String patched = System.getProperty("patched", "");
    for (String name : patched.split(",")) {
      if (!name.isEmpty()) {
        Class<?> loaded = Class.forName(name, false, SelectedTests.class.getClassLoader());
        Path origin = Path.of(loaded.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!origin.equals(Path.of(System.getProperty("patched.directory")).toRealPath())) {
          throw new IllegalStateException(name + " comes from " + origin);
        }
      }
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed.incrementAndGet();
        }
      }
      case FAILED ->
          end(
              FAILED
                  + name(test)
                  + ": "
                  + result.getThrowable().map(SelectedTests::text).orElse(""));
      case ABORTED -> System.out.println("aborted " + test.getDisplayName());
    }
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(
            method ->
                method.getClassName().substring(method.getClassName().lastIndexOf('.') + 1)
                    + "."
                    + method.getMethodName())
        .orElse(test.getDisplayName());
  }

  private static String text(Throwable thrown) {
    thrown.printStackTrace(System.out);
    String line = String.valueOf(thrown.getMessage()).strip().replaceAll("\\s+", " ");
    return line.substring(0, Math.min(MOST_CHARACTERS, line.length()));
  }

  /** At once: after a failure other threads may hang, and nobody is interested in the rest. */
  private void end(String result) {
    System.out.println(RESULT + result);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
