package io.github.reactivesqlite.reliability.power;

import java.util.Random;

/**
 * What of that which was not flushed is on the disk when the power fails. A disk and a file system
 * promise nothing about it; all of these happen.
 */
enum Survival {
  NOTHING,
  EVERYTHING,
  /** Any 512 bytes of any write. */
  SECTORS,
  /** Any writes, each as a whole. */
  WRITES,
  /** Any files, each with all of its writes. */
  FILES;

  /** How one image is drawn. Not thread-safe. */
  final class Draw {
    private final Random random;
    private final double share;

    private Draw(Random random) {
      this.random = random;
      this.share = random.nextDouble();
    }

    private boolean decide() {
      return random.nextDouble() < share;
    }

    boolean keepsFile() {
      return switch (Survival.this) {
        case NOTHING -> false;
        case FILES -> random.nextBoolean();
        default -> true;
      };
    }

    /** Of a file that is kept. */
    boolean keepsWrite() {
      return Survival.this != WRITES || decide();
    }

    /** Of a write that is kept. */
    boolean keepsSector() {
      return Survival.this != SECTORS || decide();
    }

    /** Truncation: of a file that is kept. */
    boolean keepsTruncation() {
      return (Survival.this != WRITES && Survival.this != SECTORS) || decide();
    }

    /** How many changes of names. File systems keep those in order. */
    int namesOf(int changes) {
      return switch (Survival.this) {
        case NOTHING -> 0;
        case EVERYTHING -> changes;
        default -> random.nextInt(changes + 1);
      };
    }
  }

  Draw draw(Random random) {
    return new Draw(random);
  }
}
