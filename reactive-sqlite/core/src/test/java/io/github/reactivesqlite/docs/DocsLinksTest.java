package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links inside the documentation lead somewhere. */
class DocsLinksTest {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*)");
  private static final int README_LINES = 180;

  @Test
  void relativeLinksResolve() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : DocsFiles.pages()) {
      Matcher link = LINK.matcher(String.join("\n", DocsFiles.lines(page)));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://")) {
          links++;
          if (!resolves(page, target)) {
            broken.add(DocsFiles.ROOT.relativize(page) + " -> " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isPositive();
  }

  private static boolean resolves(Path page, String target) {
    int mark = target.indexOf('#');
    String path = mark < 0 ? target : target.substring(0, mark);
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return file.startsWith(DocsFiles.ROOT)
        && Files.exists(file)
        && (mark < 0 || anchors(file).contains(target.substring(mark + 1)));
  }

  /** Headings become anchors the way GitHub makes them. */
  private static Set<String> anchors(Path page) {
    Set<String> anchors = new HashSet<>();
    for (String line : DocsFiles.lines(page)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        anchors.add(
            heading
                .group(1)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    Path readme = DocsFiles.ROOT.resolve("README.md");
    Set<Path> linked = new HashSet<>();
    Matcher link = LINK.matcher(String.join("\n", DocsFiles.lines(readme)));
    while (link.find()) {
      linked.add(readme.resolveSibling(link.group(1)).normalize());
    }
    List<Path> pages = new ArrayList<>(DocsFiles.pages());
    pages.remove(readme);
    assertThat(linked).containsAll(pages);
  }

  @Test
  void readmeStaysShort() {
    assertThat(DocsFiles.lines(DocsFiles.ROOT.resolve("README.md"))).hasSizeLessThan(README_LINES);
  }

  @Test
  void continuousIntegrationRunsTheTestCommandOfTheReadme() {
    assertThat(DocsFiles.lines(DocsFiles.ROOT.resolve("README.md"))).contains("mvn verify");
    assertThat(DocsFiles.lines(DocsFiles.ROOT.resolve(".ci/run")))
        .anySatisfy(line -> assertThat(line).matches("mvn( -B| -ntp)* verify\\b.*"));
  }
}
