package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.Ordered;

/**
 * Tells Spring Boot that opening a database initializes it: after Flyway and other initializers
 * have run, and before beans that depend on an initialized database.
 */
final class DatabaseInitializers extends AbstractBeansOfTypeDatabaseInitializerDetector {

  @Override
  protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
    return Set.of(SqliteDatabase.class);
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 100;
  }
}
