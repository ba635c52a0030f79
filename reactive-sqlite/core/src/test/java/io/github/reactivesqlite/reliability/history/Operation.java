package io.github.reactivesqlite.reliability.history;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a history.
 *
 * @param id unique; a unit of entries carries it
 * @param client who asked; one with a name asks for the next thing after the answer to the last
 * @param kind what was asked for
 * @param invoked just before the subscription, on the clock that all processes share
 * @param answered just after the signal; {@link Long#MAX_VALUE} without an answer
 * @param answer what was told
 * @param said values asked with and values told
 * @param progress what was acknowledged before the end, in order
 */
record Operation(
    String id,
    String client,
    Kind kind,
    long invoked,
    long answered,
    Answer answer,
    Map<String, String> said,
    List<Progress> progress) {

  /** The client of operations that wait for nothing. */
  static final String ANYBODY = "-";

  /** Items up to here, excluded, were acknowledged at this time. */
  record Progress(long at, long items) {}

  boolean is(Answer wanted) {
    return answer == wanted;
  }

  /** Whether it may or may not have taken effect, for all its caller knows. */
  boolean isOpen() {
    return answer == Answer.UNKNOWN || answer == Answer.NONE;
  }

  boolean mustFail() {
    return "fail".equals(said.get("expect"));
  }

  boolean says(String name) {
    return said.containsKey(name);
  }

  @Nullable String text(String name) {
    return said.get(name);
  }

  long number(String name) {
    String value = said.get(name);
    if (value == null) {
      throw new IllegalArgumentException("No " + name + " in " + this);
    }
    return Long.parseLong(value);
  }
}
