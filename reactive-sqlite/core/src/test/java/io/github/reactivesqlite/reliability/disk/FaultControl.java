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
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The switchboard of {@code faultfs.c}: rules that make a system call on a database's file fail,
 * wait or kill the process, and counters of the calls. It is a mapped file, so that the process
 * under test, its parent, or both may hold it; changes count at once. Thread-safe.
 *
 * <p>Files are known by their names: {@code *.db}, {@code *.db-wal}, {@code *.db-shm}, {@code
 * *.db-journal}.
 */
public final class FaultControl {

  /** The variable that tells the library, and a child, where the control file is. */
  public static final String VARIABLE = "FAULTFS_CTL";

  /** Some disk errors, with their numbers on Linux. */
  public enum Errno {
    EIO(5),
    EMFILE(24),
    ENOSPC(28),
    ESTALE(116),
    EDQUOT(122);

    private final int number;

    Errno(int number) {
      this.number = number;
    }
  }

  /** The calls, in the order of the library's own list. */
  public enum Call {
    WRITE,
    FSYNC,
    TRUNCATE,
    OPEN,
    READ,
    MMAP,
    UNLINK
  }

  /** The files, in the order of the library's own list, which has "none" before them. */
  public enum Kind {
    MAIN,
    WAL,
    SHM,
    JOURNAL;

    private int number() {
      return ordinal() + 1;
    }
  }

  private enum Action {
    FAIL,
    DELAY,
    KILL_BEFORE,
    KILL_AFTER,
    KILL_HALFWAY,
    SHORT
  }

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int RULES = 16;
  private static final int KINDS = Kind.values().length + 1;

  // Offsets in units of 8 bytes, as in struct control
  private static final int FIRST_RULE = 1;
  private static final int RULE_LENGTH = 10;
  private static final int ARMED = 0;
  private static final int CALL = 1;
  private static final int FILES = 2;
  private static final int ACTION = 3;
  private static final int ERROR = 4;
  private static final int STICKY = 5;
  private static final int COUNTDOWN = 6;
  private static final int NANOS = 7;
  private static final int HITS = 8;
  private static final int BEYOND = 9;
  private static final int FIRST_COUNTER = FIRST_RULE + RULES * RULE_LENGTH;
  private static final int LENGTH = FIRST_COUNTER + Call.values().length * KINDS;

  private final Path file;
  private final ByteBuffer memory;
  private int armed;

  private FaultControl(Path file, ByteBuffer memory) {
    this.file = file;
    this.memory = memory;
  }

  /** A new control file, with no fault in it. */
  public static FaultControl create(Path file) {
    try {
      Files.write(file, new byte[LENGTH * Long.BYTES], StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open(file);
  }

  /** The control file that this process was started with. */
  public static FaultControl ofThisProcess() {
    return open(Path.of(System.getenv(VARIABLE)));
  }

  private static FaultControl open(Path file) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new FaultControl(
          file, channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) LENGTH * Long.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A child that runs on the faulty disk; skips the test where that cannot be compiled. */
  public ChildJvm.Launch launch(Path scratch, Class<?> main) {
    return ChildJvm.of(scratch, main)
        .environment("LD_PRELOAD", NativeTools.sharedObject("faultfs").toString())
        .environment(VARIABLE, file.toString());
  }

  /** Begins a rule on a call on some files; no file named means all of them. */
  public Rule on(Call call, Kind... kinds) {
    return new Rule(
        call, kinds.length == 0 ? EnumSet.allOf(Kind.class) : EnumSet.copyOf(List.of(kinds)));
  }

  /** How many such calls were made. */
  public long calls(Call call, Kind kind) {
    return get(FIRST_COUNTER + call.ordinal() * KINDS + kind.number());
  }

  /** How many rules were armed through this object. */
  synchronized int armed() {
    return armed;
  }

  /** Ends all faults. */
  public void disarmAll() {
    for (int i = 0; i < RULES; i++) {
      set(FIRST_RULE + i * RULE_LENGTH + ARMED, 0);
    }
  }

  /** What is to happen; nothing does before one of the last steps arms it. */
  public final class Rule {
    private final Call call;
    private final Set<Kind> kinds;
    private long countdown = 1;
    private boolean sticky = true;
    private long beyond;

    private Rule(Call call, Set<Kind> kinds) {
      this.call = call;
      this.kinds = kinds;
    }

    /** Happens at the n-th such call from now, counted from 1, not at the first. */
    public Rule at(long nth) {
      countdown = nth;
      return this;
    }

    /** Happens once, not at every such call until it is disarmed. */
    public Rule once() {
      sticky = false;
      return this;
    }

    /** Happens to writes only that would end past this offset: a file that cannot grow. */
    public Rule beyond(long bytes) {
      beyond = bytes;
      return this;
    }

    /** The call fails and does nothing. */
    public Fault fails(Errno error) {
      return arm(Action.FAIL, error.number, 0);
    }

    /** A write puts half of its bytes there and fails. */
    public Fault failsHalfway(Errno error) {
      return arm(Action.SHORT, error.number, 0);
    }

    /** The call takes this much longer, or until the fault is disarmed. */
    public Fault takes(Duration time) {
      return arm(Action.DELAY, 0, time.toNanos());
    }

    /** The process is killed before the call does anything. */
    public Fault killsBefore() {
      return arm(Action.KILL_BEFORE, 0, 0);
    }

    /** The process is killed when the call is done. */
    public Fault killsAfter() {
      return arm(Action.KILL_AFTER, 0, 0);
    }

    /** The process is killed when half of the bytes are written. */
    public Fault killsHalfway() {
      return arm(Action.KILL_HALFWAY, 0, 0);
    }

    private Fault arm(Action action, int error, long nanos) {
      synchronized (FaultControl.this) {
        int rule = freeRule();
        set(rule + CALL, call.ordinal());
        set(rule + FILES, bits());
        set(rule + ACTION, action.ordinal());
        set(rule + ERROR, error);
        set(rule + STICKY, sticky ? 1 : 0);
        set(rule + COUNTDOWN, countdown);
        set(rule + NANOS, nanos);
        set(rule + HITS, 0);
        set(rule + BEYOND, beyond);
        set(rule + ARMED, 1);
        armed++;
        return new Fault(rule);
      }
    }

    private long bits() {
      long bits = 0;
      for (Kind kind : kinds) {
        bits |= 1L << kind.number();
      }
      return bits;
    }
  }

  private int freeRule() {
    for (int i = 0; i < RULES; i++) {
      int rule = FIRST_RULE + i * RULE_LENGTH;
      if (get(rule + ARMED) == 0) {
        return rule;
      }
    }
    throw new IllegalStateException("All " + RULES + " rules are in use");
  }

  /** An armed rule. */
  public final class Fault implements AutoCloseable {
    private final int rule;
    private boolean ended;

    private Fault(int rule) {
      this.rule = rule;
    }

    /** How often it has happened. */
    public long hits() {
      return get(rule + HITS);
    }

    /** Ends it; the number of {@link #hits} is good until the next rule is armed. */
    public void disarm() {
      synchronized (FaultControl.this) {
        if (!ended) {
          ended = true;
          set(rule + ARMED, 0);
        }
      }
    }

    @Override
    public void close() {
      disarm();
    }
  }

  /** The counters of all calls on a kind of file, as text. */
  public String callsOf(Kind kind) {
    List<String> counts = new ArrayList<>();
    for (Call call : Call.values()) {
      counts.add(call + "=" + calls(call, kind));
    }
    return kind + " " + String.join(" ", counts);
  }

  private long get(int index) {
    return (long) LONG.getVolatile(memory, index * Long.BYTES);
  }

  private void set(int index, long value) {
    LONG.setVolatile(memory, index * Long.BYTES, value);
  }
}
