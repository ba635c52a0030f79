package io.github.reactivesqlite.spring.boot;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The databases beside the main one.
 *
 * @param databases More databases by name, each with the properties of the main one. Their beans
 *     are NAMEDatabase, NAMESqliteDatabase and NAMETransactionManager.
 */
@ConfigurationProperties("reactive-sqlite")
public record NamedDatabasesProperties(@DefaultValue Map<String, SqliteProperties> databases) {}
