package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.engine.sql.Identifiers;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import io.github.reactivesqlite.sqlite.engine.sql.VirtualTableText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which table is meant by what an EXPLAIN names: root pages, and pointers to virtual tables, which
 * stay the same for one connection and one version of the schema. Shadow tables count as the
 * virtual table they belong to.
 */
final class SchemaMap {

  private static final String ROOTS =
      "SELECT rootpage, tbl_name FROM main.sqlite_schema WHERE rootpage > 0";
  private static final String VIRTUAL_TABLES =
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND rootpage = 0";
  private static final String SHADOWS =
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

  private final Map<Long, String> byRoot = new HashMap<>();
  private final Map<String, String> byPointer = new HashMap<>();
  private final Map<String, List<String>> behind = new HashMap<>();

  private SchemaMap() {}

  /** Reads the schema that the connection's transaction sees. */
  static SchemaMap load(EngineConnection connection) {
    SchemaMap map = new SchemaMap();
    Map<String, String> virtual = new HashMap<>();
    for (List<@Nullable Object> row : connection.rows(VIRTUAL_TABLES, 2)) {
      virtual.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    Map<String, String> owners = virtual.isEmpty() ? Map.of() : map.owners(connection, virtual);
    for (List<@Nullable Object> row : connection.rows(ROOTS, 2)) {
      String table = String.valueOf(row.get(1));
      if (row.get(0) instanceof Long root) {
        map.byRoot.put(root, owners.getOrDefault(TableSet.folded(table), table));
      }
    }
    map.byRoot.put(1L, "sqlite_schema");
    virtual.forEach((name, sql) -> map.probe(connection, name, sql));
    return map;
  }

  /** Shadow table, folded, to the virtual table with the longest name that it begins with. */
  private Map<String, String> owners(EngineConnection connection, Map<String, String> virtual) {
    Map<String, String> owners = new HashMap<>();
    for (List<@Nullable Object> row : connection.rows(SHADOWS, 1)) {
      String shadow = TableSet.folded(String.valueOf(row.get(0)));
      String owner = "";
      for (String name : virtual.keySet()) {
        if (name.length() > owner.length() && shadow.startsWith(TableSet.folded(name) + "_")) {
          owner = name;
        }
      }
      if (!owner.isEmpty()) {
        owners.put(shadow, owner);
      }
    }
    return owners;
  }

  /** A module that is missing here can be neither read nor written, so it needs no entry. */
  private void probe(EngineConnection connection, String name, String sql) {
    try {
      for (Step step :
          connection.program("SELECT 1 FROM main." + Identifiers.quote(name)).steps()) {
        if (step.opcode().equals("VOpen")) {
          byPointer.put(step.p4(), name);
        }
      }
      behind.put(name, VirtualTableText.readsBehind(sql));
    } catch (SqlFailure unusable) {
      if (unusable.isInterrupt()) {
        throw unusable;
      }
    }
  }

  /** One step of an explained program. */
  record Step(String opcode, long p1, long p2, long p3, String p4, long p5) {}

  /** What a program uses. */
  TableUse use(List<Step> program) {
    Uses uses = new Uses();
    program.forEach(uses::add);
    return new TableUse(
        uses.readsUnknown ? TableSet.ALL : TableSet.of(uses.reads),
        uses.writesUnknown ? TableSet.ALL : TableSet.of(uses.writes),
        uses.changesSchema);
  }

  /** Collects from one program. */
  private final class Uses {

    /** {@code p2} is a register: the table was created by the same program. */
    private static final int P2_IS_REGISTER = 16;

    private static final int SCHEMA_COOKIE = 1;
    private static final int MAIN = 0;

    private final Set<String> reads = new LinkedHashSet<>();
    private final Set<String> writes = new LinkedHashSet<>();
    private boolean readsUnknown;
    private boolean writesUnknown;
    private boolean changesSchema;

    void add(Step step) {
      switch (step.opcode()) {
        case "OpenRead", "ReopenIdx" -> read(step.p2(), step.p3());
        case "OpenWrite" -> {
          if ((step.p5() & P2_IS_REGISTER) == 0) {
            write(step.p2(), step.p3());
          }
        }
        case "Clear" -> write(step.p1(), step.p2());
        case "VOpen" -> {
          String table = byPointer.get(step.p4());
          // One that is not in the schema is a function of the library, such as json_each
          if (table != null) {
            addWithBehind(table, new HashSet<>());
          }
        }
        case "VUpdate" -> {
          String table = byPointer.get(step.p4());
          if (table == null) {
            writesUnknown = true;
          } else {
            writes.add(table);
          }
        }
        case "SetCookie" -> changesSchema |= step.p2() == SCHEMA_COOKIE;
        case "ParseSchema", "Destroy", "VCreate", "VDestroy", "DropTable", "DropIndex" ->
            changesSchema = true;
        default -> {}
      }
    }

    private void addWithBehind(String table, Set<String> seen) {
      if (seen.add(table)) {
        reads.add(table);
        behindOf(table).forEach(other -> addWithBehind(other, seen));
      }
    }

    private List<String> behindOf(String table) {
      for (Map.Entry<String, List<String>> entry : behind.entrySet()) {
        if (TableSet.folded(entry.getKey()).equals(TableSet.folded(table))) {
          return new ArrayList<>(entry.getValue());
        }
      }
      return List.of();
    }

    private void read(long root, long schema) {
      String table = byRoot.get(root);
      if (schema != MAIN) {
        return; // temporary tables are seen by their own connection only
      }
      if (table == null) {
        readsUnknown = true;
      } else {
        addWithBehind(table, new HashSet<>());
      }
    }

    private void write(long root, long schema) {
      String table = byRoot.get(root);
      if (schema != MAIN) {
        return;
      }
      if (table == null) {
        writesUnknown = true;
      } else {
        writes.add(table);
      }
    }
  }
}
