package io.github.reactivesqlite.benchmarks;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.workload.Plan;
import io.github.reactivesqlite.benchmarks.workload.Workload;
import io.github.reactivesqlite.benchmarks.workload.Workloads;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line of a load run. */
final class Options {

  static final String USAGE =
      """
      Options:
        --quick            what the ratios need, in less than two minutes
        --tiny             a moment of everything; the figures say nothing
        --peers a,b        only these peers
        --only a,b         only these workloads
        --seed n           for the rows and keys (default 1)
        --directory path   where the databases are made; its disk is measured
                           (default target/benchmarks/data)
        --output path      where table, CSV and chart go (default target/benchmarks)
        --record file      write the ratios of this run there
        --compare file     compare with the ratios there; exit code 3 if one fell behind
        --plain            no bar that overwrites its line
        --help             this text
      """;

  private Plan plan = Plan.full();
  private List<PeerKind> peers = PeerKind.available();
  private @Nullable List<Workload> only;
  private long seed = 1;
  private Path output = Path.of("target", "benchmarks");
  private @Nullable Path directory;
  private @Nullable Path record;
  private @Nullable Path compare;
  private boolean plain;
  private boolean help;

  private Options() {}

  /**
   * Understands a command line.
   *
   * @throws IllegalArgumentException if it cannot; the message says why
   */
  static Options parse(List<String> words) {
    Options options = new Options();
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      options.take(rest.next(), rest);
    }
    return options;
  }

  private void take(String option, Iterator<String> rest) {
    switch (option) {
      case "--quick" -> plan = Plan.quick();
      case "--tiny" -> plan = Plan.tiny();
      case "--plain" -> plain = true;
      case "--help" -> help = true;
      case "--peers" -> peers = list(option, rest).stream().map(Options::peer).toList();
      case "--only" -> only = workloads(list(option, rest));
      case "--seed" -> seed = number(option, rest);
      case "--directory" -> directory = Path.of(value(option, rest));
      case "--output" -> output = Path.of(value(option, rest));
      case "--record" -> record = Path.of(value(option, rest));
      case "--compare" -> compare = Path.of(value(option, rest));
      default -> throw new IllegalArgumentException("There is no option " + option);
    }
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static List<String> list(String option, Iterator<String> rest) {
    return Arrays.asList(value(option, rest).split(","));
  }

  private static long number(String option, Iterator<String> rest) {
    String value = value(option, rest);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException word) {
      throw new IllegalArgumentException(option + " needs a number, not " + value, word);
    }
  }

  private static PeerKind peer(String id) {
    PeerKind kind = PeerKind.of(id);
    if (!kind.isAvailable()) {
      throw new IllegalArgumentException("This JVM cannot run " + id + ": it needs JDK 21");
    }
    return kind;
  }

  private static List<Workload> workloads(List<String> ids) {
    Set<String> known = Workloads.all().stream().map(Workload::id).collect(Collectors.toSet());
    for (String id : ids) {
      if (!known.contains(id)) {
        throw new IllegalArgumentException(
            "No workload is called "
                + id
                + ". There are "
                + Workloads.all().stream().map(Workload::id).collect(Collectors.joining(", ")));
      }
    }
    return Workloads.all().stream().filter(workload -> ids.contains(workload.id())).toList();
  }

  Plan plan() {
    return plan;
  }

  List<PeerKind> peers() {
    return peers;
  }

  /** Those asked for, or those of the mode. */
  List<Workload> workloads() {
    if (only != null) {
      return only;
    }
    return plan.everyPeer() ? Workloads.all() : Workloads.quick();
  }

  long seed() {
    return seed;
  }

  Path output() {
    return output;
  }

  Path directory() {
    return directory == null ? output.resolve("data") : directory;
  }

  @Nullable Path record() {
    return record;
  }

  @Nullable Path compare() {
    return compare;
  }

  boolean plain() {
    return plain;
  }

  boolean help() {
    return help;
  }
}
