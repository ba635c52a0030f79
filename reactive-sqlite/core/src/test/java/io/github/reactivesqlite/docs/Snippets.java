package io.github.reactivesqlite.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds code in pages and marked regions in classes; compares them without their indentation. */
final class Snippets {

  private static final String FENCE = "```";
  private static final String BEGIN = "// region: ";
  private static final String END = "// endregion";

  private Snippets() {}

  /** A fenced block; the line counts from 1. */
  record Block(String page, int line, String language, String text) {
    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  static List<Block> blocksOf(String page, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    List<String> open = null;
    String language = "";
    int begun = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.strip().startsWith(FENCE)) {
        if (open != null) {
          open.add(line);
        }
      } else if (open == null) {
        open = new ArrayList<>();
        language = line.strip().substring(FENCE.length()).strip();
        begun = i + 1;
      } else {
        blocks.add(new Block(page, begun, language, normalised(open)));
        open = null;
      }
    }
    if (open != null) {
      throw new IllegalArgumentException(page + ":" + begun + " opens a block that never ends");
    }
    return blocks;
  }

  /** The regions of some classes by name. */
  static Map<String, String> regionsOf(List<Path> classes) {
    Map<String, String> regions = new LinkedHashMap<>();
    for (Path file : classes) {
      addRegions(file.getFileName().toString(), DocsFiles.lines(file), regions);
    }
    return regions;
  }

  static void addRegions(String file, List<String> lines, Map<String, String> regions) {
    List<String> open = null;
    String name = "";
    for (String line : lines) {
      String text = line.strip();
      if (text.startsWith(BEGIN)) {
        if (open != null) {
          throw new IllegalArgumentException(file + " opens a region inside " + name);
        }
        name = text.substring(BEGIN.length()).strip();
        open = new ArrayList<>();
      } else if (text.equals(END)) {
        if (open == null) {
          throw new IllegalArgumentException(file + " ends a region that is not open");
        }
        if (regions.put(name, normalised(open)) != null) {
          throw new IllegalArgumentException(file + " has a second region " + name);
        }
        open = null;
      } else if (open != null) {
        open.add(line);
      }
    }
    if (open != null) {
      throw new IllegalArgumentException(file + " never ends the region " + name);
    }
  }

  private static String normalised(List<String> lines) {
    // A blank last line would count as indented by nothing
    return String.join("\n", lines).stripTrailing().stripIndent().strip();
  }
}
