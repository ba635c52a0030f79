package io.github.reactivesqlite.benchmarks.peer;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The peers by the names that options and results use. */
public enum PeerKind {
  /** The library with its defaults, and metrics on. */
  REACTIVE_SQLITE(
      "reactive-sqlite",
      settings -> new ReactiveSqlitePeer(settings),
      load -> "defaults, metrics on"),

  /** What Spring applications do. */
  HIKARI(
      "hikari",
      settings -> JdbcTemplatePeer.onBoundedElastic(settings),
      load -> "JdbcTemplate on boundedElastic, pool of " + load.connections()),

  /** The same without a scheduler, where the JVM has virtual threads. */
  VIRTUAL_THREADS(
      "hikari-vt",
      settings -> JdbcTemplatePeer.onVirtualThreads(settings),
      load -> "JdbcTemplate on virtual threads, pool of " + load.connections()),

  /** The reactive wrapper of the RxJava world. */
  RXJAVA(
      "rxjava3-jdbc",
      settings -> new RxJavaPeer(settings),
      load -> "non-blocking pool of " + load.connections()),

  /** The reactive wrapper of the Vert.x world. */
  VERTX("vertx-jdbc", settings -> new VertxPeer(settings), load -> "pool of " + load.connections()),

  /** Opens, sets up and closes a connection for every operation. */
  CONNECTION_PER_OPERATION(
      "per-operation",
      settings -> ThreadsPeer.connectionPerOperation(settings),
      load -> ThreadsPeer.THREADS + " threads, a connection per operation"),

  /** A connection per thread, and patient retries. */
  THREAD_LOCAL(
      "thread-local",
      settings -> ThreadsPeer.threadLocalConnections(settings),
      load -> ThreadsPeer.THREADS + " threads, a connection each, retries");

  private final String id;

  @SuppressWarnings("ImmutableEnumChecker") // captures nothing
  private final Function<PeerSettings, Peer> opening;

  @SuppressWarnings("ImmutableEnumChecker") // captures nothing
  private final Function<Load, String> description;

  PeerKind(String id, Function<PeerSettings, Peer> opening, Function<Load, String> description) {
    this.id = id;
    this.opening = opening;
    this.description = description;
  }

  /** The name in options and results. */
  public String id() {
    return id;
  }

  /** How the peer is set up for such a load. */
  public String description(Load load) {
    return description.apply(load);
  }

  /** Opens an existing database. */
  public Peer open(PeerSettings settings) {
    return opening.apply(settings);
  }

  /**
   * Whether it is a library that applications compose their work with. The others are what they do
   * without one: it is shown beside them, and is no peer.
   */
  public boolean isLibrary() {
    return switch (this) {
      case HIKARI, VIRTUAL_THREADS, RXJAVA, VERTX -> true;
      case REACTIVE_SQLITE, CONNECTION_PER_OPERATION, THREAD_LOCAL -> false;
    };
  }

  /** Whether this JVM can run it. */
  public boolean isAvailable() {
    return this != VIRTUAL_THREADS || VirtualThreads.available();
  }

  /** Those this JVM can run. */
  public static List<PeerKind> available() {
    return Arrays.stream(values()).filter(PeerKind::isAvailable).toList();
  }

  /**
   * The peer of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PeerKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No peer is called "
                        + id
                        + ". There are "
                        + Arrays.stream(values())
                            .map(PeerKind::id)
                            .collect(Collectors.joining(", "))));
  }
}
