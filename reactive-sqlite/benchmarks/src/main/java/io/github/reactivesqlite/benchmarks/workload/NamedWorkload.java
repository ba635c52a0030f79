package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A workload of peers, with what every workload says of itself. */
abstract class NamedWorkload implements Workload {

  private final String id;
  private final Function<Bench, List<PeerKind>> peers;
  private final ToIntFunction<Plan> rounds;

  NamedWorkload(String id, Function<Bench, List<PeerKind>> peers, ToIntFunction<Plan> rounds) {
    this.id = id;
    this.peers = peers;
    this.rounds = rounds;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final int rounds(Plan plan) {
    return rounds.applyAsInt(plan);
  }

  /** Those that do it. */
  final List<PeerKind> peers(Bench bench) {
    return peers.apply(bench);
  }

  /** A step; its label is the name of the workload, and what it is given here. */
  final Cell cell(String label, String peer, Cell.Run run) {
    return new Cell(id + " " + label, peer, run);
  }
}
