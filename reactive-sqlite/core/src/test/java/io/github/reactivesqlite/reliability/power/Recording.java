package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Event.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a process asked of its disk, from the first call to its end. */
final class Recording {

  private static final int HEADER_BYTES = 24;

  private final List<Event> events;
  private final List<@Nullable String> files;

  private Recording(List<Event> events) {
    this.events = events;
    this.files = filesOf(events);
  }

  static Recording read(Path log) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.nativeOrder());
    Op[] ops = Op.values();
    List<Event> events = new ArrayList<>();
    // The process was killed: its last record may be torn
    while (bytes.remaining() >= HEADER_BYTES) {
      Op op = ops[bytes.getInt()];
      int fd = bytes.getInt();
      long offset = bytes.getLong();
      long size = bytes.getLong();
      if (size > bytes.remaining()) {
        break;
      }
      byte[] payload = new byte[(int) size];
      bytes.get(payload);
      events.add(new Event(op, fd, offset, payload));
    }
    return new Recording(events);
  }

  /** The name that each event's file was opened by. */
  private static List<@Nullable String> filesOf(List<Event> events) {
    Map<Integer, String> open = new HashMap<>();
    List<@Nullable String> files = new ArrayList<>();
    for (Event event : events) {
      if (event.is(Op.OPEN)) {
        open.put(event.fd(), event.text());
      }
      files.add(event.is(Op.MARK) ? null : open.get(event.fd()));
    }
    return files;
  }

  int size() {
    return events.size();
  }

  Event get(int index) {
    return events.get(index);
  }

  /** The name of the file that the event is about; of those on an open file only. */
  String fileOf(int index) {
    String file = files.get(index);
    if (file == null) {
      throw new AssertionError("About no file: " + events.get(index).op());
    }
    return file;
  }

  /** Whether the event is one of this kind on the file of this name. */
  boolean is(int index, Op op, String file) {
    return events.get(index).is(op) && file.equals(files.get(index));
  }

  /** The indexes of the events that are meant. */
  List<Integer> where(IntPredicate meant) {
    return IntStream.range(0, events.size()).filter(meant).boxed().toList();
  }

  /** How many events there are of this kind on the file of this name. */
  int count(Op op, String file) {
    return where(i -> is(i, op, file)).size();
  }

  /** The place of a mark. */
  int indexOf(String mark) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).is(Op.MARK) && events.get(i).text().equals(mark)) {
        return i;
      }
    }
    throw new AssertionError("No mark \"" + mark + "\" among " + events.size() + " events");
  }

  /** The places from one mark to the other. */
  List<Integer> between(String from, String to) {
    return IntStream.rangeClosed(indexOf(from), indexOf(to)).boxed().toList();
  }
}
