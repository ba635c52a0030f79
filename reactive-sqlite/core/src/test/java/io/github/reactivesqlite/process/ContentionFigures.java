package io.github.reactivesqlite.process;

/**
 * What a {@link SaturatingWriter} tells.
 *
 * @param writer its name
 * @param written rows acknowledged
 * @param errors errors surfaced
 * @param longestMicros the longest time from subscription to answer
 * @param longestLockMicros the longest wait of one unit for the file's lock
 * @param retries repeated tries for the lock
 * @param commits transactions
 */
record ContentionFigures(
    String writer,
    long written,
    long errors,
    long longestMicros,
    long longestLockMicros,
    long retries,
    long commits) {

  String toLine() {
    return String.join(
        " ",
        writer,
        Long.toString(written),
        Long.toString(errors),
        Long.toString(longestMicros),
        Long.toString(longestLockMicros),
        Long.toString(retries),
        Long.toString(commits));
  }

  static ContentionFigures parse(String line) {
    String[] parts = line.split(" ");
    return new ContentionFigures(
        parts[0],
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]),
        Long.parseLong(parts[6]));
  }
}
