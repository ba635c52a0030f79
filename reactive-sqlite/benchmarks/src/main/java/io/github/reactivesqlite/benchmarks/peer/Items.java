package io.github.reactivesqlite.benchmarks.peer;

import java.util.Random;

/**
 * The rows to write, made before the run from its seed and used over and over: making them is not
 * what is measured.
 */
public final class Items {

  private static final int COUNT = 1 << 10;
  private static final int NAME_LENGTH = 16;
  private static final int BODY_LENGTH = 84;
  private static final int PROSE_WORDS = 80;

  private final Item[] items = new Item[COUNT];
  private final Object[][] values = new Object[COUNT][];
  private final Object[][] documents = new Object[COUNT][];

  /** The same rows for the same seed. */
  public Items(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < COUNT; i++) {
      Item item =
          new Item(
              i,
              letters(random, NAME_LENGTH),
              random.nextInt(1_000_000),
              letters(random, BODY_LENGTH));
      items[i] = item;
      values[i] = new Object[] {item.name(), item.score(), item.body()};
      documents[i] = new Object[] {item.name(), prose(random)};
    }
  }

  /** Row number so-and-so; they repeat. */
  public Item item(long number) {
    return items[(int) number & (COUNT - 1)];
  }

  /** Inserts that row. */
  public Statement insert(long number) {
    return new Statement(Sql.INSERT, values[(int) number & (COUNT - 1)]);
  }

  /** Inserts a text of {@value #PROSE_WORDS} words. */
  public Statement insertDocument(long number) {
    return new Statement(Sql.INSERT_DOCUMENT, documents[(int) number & (COUNT - 1)]);
  }

  /** The sum of the scores of rows 0 to {@code rows - 1}. */
  public long sumOfScores(long rows) {
    long cycle = 0;
    long rest = 0;
    for (int i = 0; i < COUNT; i++) {
      cycle += items[i].score();
      rest += i < rows % COUNT ? items[i].score() : 0;
    }
    return rows / COUNT * cycle + rest;
  }

  private static String prose(Random random) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < PROSE_WORDS; word++) {
      text.append(letters(random, 2 + random.nextInt(3))).append(' ');
    }
    return text.toString();
  }

  private static String letters(Random random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
