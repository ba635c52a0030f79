package io.github.reactivesqlite.reliability.disk;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.NativeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The switch of {@code oom.c}: memory that runs out for the native library of the driver, while the
 * JVM has plenty. Thread-safe.
 */
final class NativeMemory {

  private static final String VARIABLE = "OOM_CTL";
  private static final String LIBRARY = "libsqlitejdbc";
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  // Offsets in units of 8 bytes, as in struct control
  private static final int BEGIN = 0;
  private static final int END = 1;
  private static final int COUNTDOWN = 2;
  private static final int STICKY = 3;
  private static final int CALLS = 4;
  private static final int HITS = 5;
  private static final int LENGTH = 6;

  private final ByteBuffer memory;

  private NativeMemory(Path file) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) LENGTH * Long.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a child, which may be on the faulty disk too, ask this library for its memory. */
  static ChildJvm.Launch preload(ChildJvm.Launch launch, Path directory) {
    Path file = directory.resolve("memory");
    try {
      Files.write(file, new byte[LENGTH * Long.BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The last one is set up first, and the first one calls it when it is set up
    String both = NativeTools.sharedObject("oom") + ":" + NativeTools.sharedObject("faultfs");
    return launch.environment("LD_PRELOAD", both).environment(VARIABLE, file.toString());
  }

  /** The switch of this process, whose driver must have loaded its library. */
  static NativeMemory ofThisProcess() throws IOException {
    NativeMemory memory = new NativeMemory(Path.of(System.getenv(VARIABLE)));
    List<String> code =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.contains(LIBRARY) && line.contains("r-xp"))
            .toList();
    if (code.size() != 1) {
      throw new IllegalStateException("The driver's code is not in one place: " + code);
    }
    String[] range = code.get(0).split(" ")[0].split("-");
    memory.set(BEGIN, Long.parseUnsignedLong(range[0], 16));
    memory.set(END, Long.parseUnsignedLong(range[1], 16));
    return memory;
  }

  /** The n-th allocation from now, counted from 1, fails; or all from there on. */
  void runsOutAt(long nth, boolean forGood) {
    set(COUNTDOWN, 0);
    set(HITS, 0);
    set(STICKY, forGood ? 1 : 0);
    set(COUNTDOWN, nth);
  }

  /** There is memory again; how many allocations have failed. */
  long isBack() {
    set(COUNTDOWN, 0);
    return get(HITS);
  }

  /** How many allocations the driver has asked for. */
  long calls() {
    return get(CALLS);
  }

  private long get(int index) {
    return (long) LONG.getVolatile(memory, index * Long.BYTES);
  }

  private void set(int index, long value) {
    LONG.setVolatile(memory, index * Long.BYTES, value);
  }
}
