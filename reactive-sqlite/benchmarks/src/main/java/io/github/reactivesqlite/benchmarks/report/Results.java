package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.peer.JobsPeerKind;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run has measured so far: the rows of the table, and single values by name. */
public final class Results {

  /** Plain loops over JDBC: the limit, not a peer. */
  public static final String RAW = "jdbc";

  private static final Set<String> LIBRARIES =
      Stream.concat(
              Arrays.stream(PeerKind.values()).filter(PeerKind::isLibrary).map(PeerKind::id),
              Arrays.stream(JobsPeerKind.values())
                  .filter(kind -> kind != JobsPeerKind.REACTIVE_SQLITE)
                  .map(JobsPeerKind::id))
          .collect(Collectors.toUnmodifiableSet());

  private final List<Figures> figures = new ArrayList<>();
  private final Map<String, Double> values = new LinkedHashMap<>();

  /** Adds a row, or one more round to the row of the same name. */
  public void add(Figures row) {
    for (int i = 0; i < figures.size(); i++) {
      Figures earlier = figures.get(i);
      if (earlier.isAbout(row)) {
        figures.set(i, earlier.plus(row));
        return;
      }
    }
    figures.add(row);
  }

  /** Sets a value that is no row; of several rounds the greatest stays. */
  public void putGreatest(String name, double value) {
    values.merge(name, value, Math::max);
  }

  /** Sets a value that is no row; of several rounds the least stays. */
  public void putLeast(String name, double value) {
    values.merge(name, value, Math::min);
  }

  /** The rows, those of a workload together, otherwise in the order they were measured first. */
  public List<Figures> figures() {
    Map<String, List<Figures>> groups = new LinkedHashMap<>();
    for (Figures row : figures) {
      groups.computeIfAbsent(row.workload(), fresh -> new ArrayList<>()).add(row);
    }
    return groups.values().stream().flatMap(List::stream).toList();
  }

  /** A value by its name. */
  public OptionalDouble value(String name) {
    Double value = values.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The row of a workload, peer and number in flight. */
  public Optional<Figures> find(String workload, String peer, int inFlight) {
    return figures.stream()
        .filter(
            row ->
                row.workload().equals(workload)
                    && row.peer().equals(peer)
                    && row.inFlight() == inFlight)
        .findFirst();
  }

  /** Operations per second of a row. */
  public OptionalDouble rate(String workload, String peer, int inFlight) {
    return find(workload, peer, inFlight).stream()
        .mapToDouble(row -> row.outcome().rate())
        .findFirst();
  }

  /** The highest rate of the other libraries. */
  public OptionalDouble bestPeer(String workload, int inFlight) {
    return figures.stream()
        .filter(row -> row.workload().equals(workload) && row.inFlight() == inFlight)
        .filter(row -> LIBRARIES.contains(row.peer()))
        .mapToDouble(row -> row.outcome().rate())
        .max();
  }

  /** Whether every run of the library, and every loop over JDBC, found all of its rows. */
  public boolean allOursThere() {
    return wrong().stream()
        .noneMatch(
            row -> row.peer().equals(RAW) || row.peer().equals(PeerKind.REACTIVE_SQLITE.id()));
  }

  /** The rows of the table that say that rows are missing, or that a step came to nothing. */
  public List<Figures> wrong() {
    return figures.stream().filter(row -> !RowCount.isGood(row.rows())).toList();
  }
}
