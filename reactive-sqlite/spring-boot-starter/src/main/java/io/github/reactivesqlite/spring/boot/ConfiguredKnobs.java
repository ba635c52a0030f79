package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Gives the properties that are set to the library; it checks them. */
final class ConfiguredKnobs {

  private ConfiguredKnobs() {}

  static void apply(SqliteProperties from, SqliteConfigBuilder to) {
    waiting(from, to);
    queues(from, to);
    memory(from, to);
    upkeep(from, to);
    results(from, to);
    set(from.name(), to::name);
    set(from.foreignKeys(), to::foreignKeys);
    set(from.recursiveTriggers(), to::recursiveTriggers);
    set(from.privateFiles(), to::privateFiles);
    set(from.createDirectories(), to::createDirectories);
    set(from.acceptVulnerableSqlite(), to::acceptVulnerableSqlite);
  }

  private static void waiting(SqliteProperties from, SqliteConfigBuilder to) {
    set(from.lockTimeout(), to::lockTimeout);
    set(from.retryPolicy(), retry -> to.retryPolicy(retry.policy()));
    set(from.acquireTimeout(), to::acquireTimeout);
    set(from.executionTimeout(), to::executionTimeout);
    set(from.transactionTimeout(), to::transactionTimeout);
    set(from.commitTimeout(), to::commitTimeout);
    set(from.snapshotTimeout(), to::snapshotTimeout);
    set(from.closeTimeout(), to::closeTimeout);
    set(from.holdWarning(), to::holdWarning);
    set(from.slowOperation(), to::slowOperation);
  }

  private static void queues(SqliteProperties from, SqliteConfigBuilder to) {
    set(from.readers(), to::readers);
    set(from.interactiveQueueCapacity(), to::interactiveQueueCapacity);
    set(from.bulkQueueCapacity(), to::bulkQueueCapacity);
    bytes(from.queueBytes(), to::queueBytes);
    set(from.readQueueCapacity(), to::readQueueCapacity);
    set(from.reservedQueuePercent(), to::reservedQueuePercent);
    set(from.maxGroupUnits(), to::maxGroupUnits);
    set(from.maxGroupTime(), to::maxGroupTime);
  }

  private static void memory(SqliteProperties from, SqliteConfigBuilder to) {
    set(from.durability(), to::durability);
    set(from.cacheSizeKib(), to::cacheSizeKib);
    set(from.tempStore(), to::tempStore);
    bytes(from.mmapSize(), to::mmapSize);
    bytes(from.pageSize(), size -> to.pageSize(asInt(size)));
    set(from.incrementalVacuum(), to::incrementalVacuum);
    set(from.statementCacheSize(), to::statementCacheSize);
  }

  private static void upkeep(SqliteProperties from, SqliteConfigBuilder to) {
    set(from.walCheckpointFrames(), to::walCheckpointFrames);
    bytes(from.walLimit(), to::walLimit);
    bytes(from.walHardLimit(), to::walHardLimit);
    set(from.truncateInterval(), to::truncateInterval);
    set(from.optimizeInterval(), to::optimizeInterval);
    set(from.readerIdleTimeout(), to::readerIdleTimeout);
    set(from.readerValidationInterval(), to::readerValidationInterval);
    set(from.foreignChangePolling(), to::foreignChangePolling);
  }

  private static void results(SqliteProperties from, SqliteConfigBuilder to) {
    set(from.returningRowLimit(), to::returningRowLimit);
    bytes(from.returningBytesLimit(), to::returningBytesLimit);
    set(from.streamChunkRows(), to::streamChunkRows);
    bytes(from.streamChunkBytes(), to::streamChunkBytes);
    bytes(from.maxValueBytes(), size -> to.maxValueBytes(asInt(size)));
    bytes(from.maxSqlLength(), size -> to.maxSqlLength(asInt(size)));
  }

  private static <V> void set(@Nullable V value, Consumer<? super V> knob) {
    if (value != null) {
      knob.accept(value);
    }
  }

  private static void bytes(@Nullable DataSize size, Consumer<Long> knob) {
    if (size != null) {
      knob.accept(size.toBytes());
    }
  }

  /** What is too large for the knob stays too large, so that the library refuses it. */
  private static int asInt(long bytes) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, bytes));
  }
}
