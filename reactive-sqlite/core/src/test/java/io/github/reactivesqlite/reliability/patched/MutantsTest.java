package io.github.reactivesqlite.reliability.patched;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests notice when the library is broken: for each mutant, at least one of the tests that are
 * named for it fails; all of them pass on the same sources without the change. {@code
 * -Dmutants.only} tries those in whose name the regular expression is found.
 */
@Tag("reliability")
@Tag("process")
class MutantsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(Scale.of(10, 3));
  private static final Duration ALL = Duration.ofMinutes(30);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final String ONLY = System.getProperty("mutants.only", "");

  /** More than there are cores, as many mutants only hang until their test gives up. */
  private static final int AT_ONCE = Scale.of(2, 3);

  /** Many mutants hang until their test gives up, and nothing runs beside the long form. */
  private static final String TEST_TIMEOUT = Scale.of(60, 15) + " s";

  @TempDir Path directory;

  private final AtomicInteger directories = new AtomicInteger();

  private static List<Mutant> all() {
    return Stream.of(WriterMutants.all(), ReaderMutants.all(), BorderMutants.all())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void everyMutantIsOfTheSourcesAsTheyAre() {
    assertThat(all()).extracting(Mutant::name).doesNotHaveDuplicates();
    for (Mutant mutant : all()) {
      assertThat(mutant.tests()).as(mutant.name()).isNotEmpty();
      Map<String, String> sources = new LinkedHashMap<>();
      for (SourcePatch patch : mutant.patches()) {
        String source = sources.computeIfAbsent(patch.file(), SourcePatch::read);
        sources.put(patch.file(), patch.applyTo(source));
      }
    }
  }

  @Test
  @Timeout(3_600)
  void everyMutantIsKilledByATestThatTheLibraryPasses() throws Exception {
    List<Mutant> mutants =
        all().stream()
            .filter(mutant -> mutant.isQuick() || Scale.isLong() || !ONLY.isEmpty())
            .filter(mutant -> Pattern.compile(ONLY).matcher(mutant.name()).find())
            .toList();
    List<String> survivors = new ArrayList<>();
    List<String> failedUnchanged = new ArrayList<>();
    long begun = System.nanoTime();
    ExecutorService runs = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<String>> unchanged = new ArrayList<>();
      for (List<Mutant> share : shares(mutants)) {
        unchanged.add(runs.submit(() -> runUnchanged(share)));
      }
      Map<Mutant, Future<String>> results = new LinkedHashMap<>();
      for (Mutant mutant : mutants) {
        results.put(mutant, runs.submit(() -> run(mutant)));
      }
      for (Future<String> run : unchanged) {
        String result = run.get(ALL.toSeconds(), TimeUnit.SECONDS);
        System.out.println("unchanged | " + result);
        if (!result.startsWith(SelectedTests.PASSED)) {
          failedUnchanged.add(result);
        }
      }
      for (Map.Entry<Mutant, Future<String>> run : results.entrySet()) {
        String result = run.getValue().get(ALL.toSeconds(), TimeUnit.SECONDS);
        System.out.println("mutant | " + run.getKey() + " | " + result);
        if (!result.startsWith(SelectedTests.FAILED)) {
          survivors.add(run.getKey().name());
        }
      }
    } finally {
      runs.shutdownNow();
    }
    assertThat(failedUnchanged).as("failures on the library as it is").isEmpty();
    assertThat(survivors).as("mutants that no test noticed").isEmpty();
    System.out.printf(
        "%d mutants, all killed, in %d s%n",
        mutants.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
  }

  private static List<List<Mutant>> shares(List<Mutant> mutants) {
    List<List<Mutant>> shares = new ArrayList<>();
    int size = Math.max(1, (mutants.size() + AT_ONCE - 1) / AT_ONCE);
    for (int from = 0; from < mutants.size(); from += size) {
      shares.add(mutants.subList(from, Math.min(mutants.size(), from + size)));
    }
    return shares;
  }

  private String run(Mutant mutant) throws Exception {
    Path classes = fresh();
    PatchedLibrary.compile(mutant.patches(), classes);
    return result(classes, mutant.patches(), mutant.tests());
  }

  private String runUnchanged(List<Mutant> mutants) throws Exception {
    Set<String> tests = new LinkedHashSet<>();
    List<SourcePatch> patches = new ArrayList<>();
    for (Mutant mutant : mutants) {
      tests.addAll(mutant.tests());
      patches.addAll(mutant.patches());
    }
    Path classes = fresh();
    PatchedLibrary.compileUnchanged(patches, classes);
    return result(classes, patches, List.copyOf(tests));
  }

  private Path fresh() throws Exception {
    return Files.createDirectory(directory.resolve("run-" + directories.incrementAndGet()));
  }

  /** What the child says. One that says nothing in time proves nothing. */
  private static String result(Path classes, List<SourcePatch> patches, List<String> tests)
      throws Exception {
    long begun = System.nanoTime();
    Path scratch = Files.createDirectory(classes.resolve("scratch"));
    String patched =
        String.join(
            ",",
            patches.stream()
                .map(SourcePatch::file)
                .distinct()
                .map(SourcePatch::className)
                .toList());
    try (ChildJvm child =
        ChildJvm.of(scratch, SelectedTests.class)
            .classesFirst(classes)
            .option("-Dpatched=" + patched)
            .option("-Dpatched.directory=" + classes)
            .option("-Dselected.timeout=" + TEST_TIMEOUT)
            .option("-Dbasedir=" + System.getProperty("basedir", ""))
            .start(tests.toArray())) {
      if (!child.endsWithin(PATIENCE)) {
        return "no result within " + PATIENCE;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      return String.format(
          "%s | %.1f s", child.awaitLine(SelectedTests.RESULT, LAST_WORDS), seconds);
    }
  }
}
