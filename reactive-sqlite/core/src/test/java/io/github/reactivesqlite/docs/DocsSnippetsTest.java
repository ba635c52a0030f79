package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.docs.Snippets.Block;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every piece of Java in the documentation is a piece of a test that runs, and the other way round.
 */
class DocsSnippetsTest {

  private static final Set<String> LANGUAGES =
      Set.of(
          "java", "sh", "sql", "xml", "text", "json", "properties", "yaml", "http", "promql", "");

  private final List<Block> blocks = blocks();
  private final Map<String, String> regions = Snippets.regionsOf(DocsFiles.exampleClasses());

  private static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (Path page : DocsFiles.pages()) {
      String name = DocsFiles.ROOT.relativize(page).toString();
      blocks.addAll(Snippets.blocksOf(name, DocsFiles.lines(page)));
    }
    return blocks;
  }

  @Test
  void javaHidesInNoOtherBlock() {
    assertThat(blocks)
        .allSatisfy(block -> assertThat(LANGUAGES).as(block.toString()).contains(block.language()));
    assertThat(blocks)
        .filteredOn(block -> block.language().isEmpty() || block.language().equals("text"))
        .allSatisfy(
            block ->
                assertThat(block.text().lines())
                    .as(block.toString())
                    .noneMatch(line -> line.endsWith(";") || line.endsWith("{")));
  }

  @Test
  void everyJavaBlockIsARegionOfATest() {
    assertThat(withoutRegion(blocks, regions)).isEmpty();
    assertThat(blocks).filteredOn(block -> block.language().equals("java")).isNotEmpty();
  }

  @Test
  void everyRegionIsShownSomewhere() {
    assertThat(unused(blocks, regions)).isEmpty();
    assertThat(regions).isNotEmpty();
  }

  @Test
  void aBlockThatDiffersFromItsRegionIsNoticed() {
    Map<String, String> found = new HashMap<>();
    Snippets.addRegions(
        "Example.java",
        List.of("    // region: open", "    int a =", "        1;", "    // endregion"),
        found);
    List<Block> same = Snippets.blocksOf("page.md", List.of("```java", "int a =", "    1;", "```"));
    List<Block> other =
        Snippets.blocksOf("page.md", List.of("```java", "int a =", "    2;", "```"));

    assertThat(withoutRegion(same, found)).isEmpty();
    assertThat(unused(same, found)).isEmpty();
    assertThat(withoutRegion(other, found)).containsExactly("page.md:1");
    assertThat(unused(other, found)).containsExactly("open");
  }

  @Test
  void aRegionThatNeverEndsIsNoticed() {
    assertThatThrownBy(
            () ->
                Snippets.addRegions(
                    "Example.java", List.of("// region: open", "int a = 1;"), new HashMap<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("open");
  }

  private static List<String> withoutRegion(List<Block> blocks, Map<String, String> regions) {
    return blocks.stream()
        .filter(block -> block.language().equals("java"))
        .filter(block -> !regions.containsValue(block.text()))
        .map(Block::toString)
        .toList();
  }

  private static Set<String> unused(List<Block> blocks, Map<String, String> regions) {
    Set<String> unused = new HashSet<>();
    Set<String> shown = new HashSet<>();
    blocks.forEach(block -> shown.add(block.text()));
    regions.forEach(
        (name, text) -> {
          if (!shown.contains(text)) {
            unused.add(name);
          }
        });
    return unused;
  }
}
