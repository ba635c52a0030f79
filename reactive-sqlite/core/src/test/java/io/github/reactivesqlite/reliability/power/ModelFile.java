package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Event.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A file on the disk: what is flushed, and what came after, in order. */
final class ModelFile {

  private static final int SECTOR = 512;
  private static final BooleanSupplier ALWAYS = () -> true;

  private final List<Event> unflushed = new ArrayList<>();
  private Content flushed = new Content(new byte[0], 0);

  /** Some bytes and how many of them count. */
  private static final class Content {
    private byte[] bytes;
    private int size;

    private Content(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    private Content copy() {
      return new Content(Arrays.copyOf(bytes, size), size);
    }

    private void resize(int newSize) {
      if (newSize > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
      } else if (newSize < size) {
        Arrays.fill(bytes, newSize, size, (byte) 0);
      }
      size = newSize;
    }

    /** Sector by sector; what lies between them and the old end is zero. */
    private void write(Event write, BooleanSupplier keepsSector) {
      int start = (int) write.offset();
      int end = start + write.payload().length;
      int at = start;
      while (at < end) {
        int next = Math.min(end, at - at % SECTOR + SECTOR);
        if (keepsSector.getAsBoolean()) {
          if (next > size) {
            resize(next);
          }
          System.arraycopy(write.payload(), at - start, bytes, at, next - at);
        }
        at = next;
      }
    }
  }

  /** Notes a write or a truncation. */
  void add(Event change) {
    unflushed.add(change);
  }

  /** Everything up to now survives. */
  void flush() {
    for (Event change : unflushed) {
      apply(change, flushed, ALWAYS);
    }
    unflushed.clear();
  }

  private static void apply(Event change, Content content, BooleanSupplier keepsSector) {
    if (change.is(Op.WRITE)) {
      content.write(change, keepsSector);
    } else {
      content.resize((int) change.offset());
    }
  }

  /** What it may hold after a power loss now. */
  byte[] afterPowerLoss(Survival.Draw draw) {
    Content content = flushed.copy();
    if (draw.keepsFile()) {
      for (Event change : unflushed) {
        if (change.is(Op.WRITE) ? draw.keepsWrite() : draw.keepsTruncation()) {
          apply(change, content, draw::keepsSector);
        }
      }
    }
    return Arrays.copyOf(content.bytes, content.size);
  }
}
