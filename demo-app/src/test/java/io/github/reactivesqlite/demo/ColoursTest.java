package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Text can be read in both themes: contrasts of the Web Content Accessibility Guidelines, level AA.
 */
class ColoursTest {

  private static final Pattern COLOUR = Pattern.compile("--([a-z0-9-]+): #([0-9a-f]{6});");

  @Test
  void textIsReadableInBothThemes() throws IOException {
    for (Map<String, Integer> theme : themes()) {
      for (String paper : List.of("paper", "raised")) {
        for (String ink : List.of("ink", "quiet", "accent", "alarm", "warn", "good")) {
          assertThat(contrast(theme, ink, paper)).as(ink + " on " + paper).isGreaterThan(4.5);
        }
        for (String line : List.of("series-1", "series-2", "series-3", "series-4")) {
          assertThat(contrast(theme, line, paper)).as(line + " on " + paper).isGreaterThan(3.0);
        }
      }
      assertThat(contrast(theme, "on-accent", "accent")).isGreaterThan(4.5);
      assertThat(contrast(theme, "on-mark", "mark")).isGreaterThan(4.5);
    }
  }

  private static List<Map<String, Integer>> themes() throws IOException {
    try (InputStream file = ColoursTest.class.getResourceAsStream("/static/style.css")) {
      String css = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      int dark = css.indexOf("prefers-color-scheme: dark");
      assertThat(dark).isPositive();
      return List.of(colours(css.substring(0, dark)), colours(css.substring(dark)));
    }
  }

  private static Map<String, Integer> colours(String css) {
    Map<String, Integer> colours = new HashMap<>();
    Matcher colour = COLOUR.matcher(css);
    while (colour.find()) {
      colours.put(colour.group(1), Integer.parseInt(colour.group(2), 16));
    }
    return colours;
  }

  private static double contrast(Map<String, Integer> theme, String one, String other) {
    double a = luminance(theme.get(one));
    double b = luminance(theme.get(other));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double part = (channel & 0xFF) / 255.0;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }
}
