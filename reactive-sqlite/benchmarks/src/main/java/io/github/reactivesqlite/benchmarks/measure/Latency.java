package io.github.reactivesqlite.benchmarks.measure;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/** How long operations took; percentiles in milliseconds, exact to three digits. */
public final class Latency {

  /** What takes longer is counted as this. */
  static final long GREATEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  static final int DIGITS = 3;

  /** Where nothing was timed. */
  public static final Latency NONE = new Latency(empty());

  private final PackedHistogram histogram;

  private Latency(PackedHistogram histogram) {
    this.histogram = histogram;
  }

  /** The sum of what several threads recorded; each is locked while it is read. */
  static Latency of(Histogram... parts) {
    PackedHistogram sum = empty();
    for (Histogram part : parts) {
      synchronized (part) {
        sum.add(part);
      }
    }
    return new Latency(sum);
  }

  private static PackedHistogram empty() {
    return new PackedHistogram(1, GREATEST_NANOS, DIGITS);
  }

  /** These operations and those. */
  public Latency plus(Latency more) {
    PackedHistogram sum = empty();
    sum.add(histogram);
    sum.add(more.histogram);
    return new Latency(sum);
  }

  /** How many operations were timed. */
  public long count() {
    return histogram.getTotalCount();
  }

  /** Half of the operations took at most this. */
  public double p50() {
    return percentile(50);
  }

  /** 99 of 100 operations took at most this. */
  public double p99() {
    return percentile(99);
  }

  /** 999 of 1,000 operations took at most this. */
  public double p999() {
    return percentile(99.9);
  }

  /** The greatest. */
  public double max() {
    return histogram.getMaxValue() / 1e6;
  }

  private double percentile(double percent) {
    return count() == 0 ? 0 : histogram.getValueAtPercentile(percent) / 1e6;
  }

  /** One word, to be sent to another process. */
  public String encode() {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    buffer.flip();
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * What {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Latency decode(String word) {
    try {
      return new Latency(
          PackedHistogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(word)), GREATEST_NANOS));
    } catch (DataFormatException broken) {
      throw new IllegalArgumentException("No encoded latencies", broken);
    }
  }
}
