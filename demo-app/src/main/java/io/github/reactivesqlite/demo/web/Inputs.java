package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.RejectedException;
import org.jspecify.annotations.Nullable;

/** Checks what came over HTTP. */
final class Inputs {

  static int between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw RejectedException.invalid(name + " must be from " + least + " to " + most + ".");
    }
    return value;
  }

  /** The text without blanks round it. */
  static String text(String name, @Nullable String value, int mostChars) {
    String text = value == null ? "" : value.strip();
    if (text.isEmpty() || text.length() > mostChars) {
      throw RejectedException.invalid(name + " must have 1 to " + mostChars + " characters.");
    }
    if (text.chars().anyMatch(Inputs::unwelcome) || hasLoneSurrogate(text)) {
      throw RejectedException.invalid(name + " has characters that are no text.");
    }
    return text;
  }

  private static boolean unwelcome(int c) {
    return Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  private Inputs() {}
}
