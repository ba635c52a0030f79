package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.demo.doctor.LockHolders;
import io.github.reactivesqlite.demo.doctor.LockHolders.Holder;
import io.github.reactivesqlite.demo.library.DatabaseFile;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Which other processes have the database open, as the locks show it that each of them holds. Known
 * on Linux only, and only of processes that this one may see.
 */
@Component
public class Sharing {

  /**
   * Another process.
   *
   * @param process its number
   * @param command its name
   */
  public record Other(long process, String command) {}

  private final DatabaseFile database;
  private final LockHolders holders = LockHolders.ofThisMachine();

  Sharing(DatabaseFile database) {
    this.database = database;
  }

  /**
   * Looks. Blocks for some reads from the system's tables.
   *
   * @return the others; empty where the system does not show them
   */
  public List<Other> others() {
    long own = ProcessHandle.current().pid();
    Optional<Collection<Holder>> found = holders.of(database.path().toAbsolutePath());
    return found.stream()
        .flatMap(Collection::stream)
        .filter(holder -> holder.process() != own)
        .map(holder -> new Other(holder.process(), holder.command()))
        .toList();
  }

  /**
   * The same in words.
   *
   * @return a sentence; empty if there is nobody else
   */
  public String sentence() {
    List<Other> others = others();
    if (others.isEmpty()) {
      return "";
    }
    String names =
        others.stream()
            .map(other -> other.command() + " (" + other.process() + ")")
            .collect(Collectors.joining(", "));
    return "The database is also open in: " + names + ". That works: they take turns writing.";
  }
}
