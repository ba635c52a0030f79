package io.github.reactivesqlite.jobs;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What is stored about a failure: short, and without what looks like a secret. */
final class ErrorText {

  static final int MAX = 1_000;

  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+@");
  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~-]+");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)\\b([\\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization|credential)"
              + "[\\w-]*[\"']?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;&]+)");

  private ErrorText() {}

  static String of(Throwable error) {
    String message = error.getMessage();
    String text = error.getClass().getName() + (message == null ? "" : ": " + message);
    // Cut first: patterns over a text without bound take time without bound
    String bounded = text.length() > 4 * MAX ? text.substring(0, 4 * MAX) : text;
    String masked = BEARER.matcher(bounded).replaceAll("$1 ***");
    masked = USER_INFO.matcher(masked).replaceAll("***@");
    return cut(NAMED.matcher(masked).replaceAll("$1***"));
  }

  /**
   * Short enough, and well-formed: half a character would be refused with all that goes with it.
   */
  static String cut(String text) {
    String shorter = text.length() <= MAX ? text : text.substring(0, MAX - 1) + "…";
    return new String(shorter.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
