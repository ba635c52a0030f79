package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * The beans of the databases under {@code reactive-sqlite.databases}. Where a main database exists,
 * they step back from every injection that names none.
 */
final class NamedDatabasesRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware {

  static final String FACTORY = "sqliteDatabaseFactory";

  private Set<String> names = Set.of();

  @Override
  public void setEnvironment(Environment environment) {
    names = namesIn(environment);
  }

  /** The names of the databases beside the main one. */
  static Set<String> namesIn(Environment environment) {
    return Binder.get(environment)
        .bind("reactive-sqlite.databases", Bindable.mapOf(String.class, Object.class))
        .orElse(Map.of())
        .keySet();
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    for (String name : names) {
      RootBeanDefinition database = new RootBeanDefinition(SqliteDatabase.class);
      database.setFactoryBeanName(FACTORY);
      database.setFactoryMethodName("open");
      database.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
      database.setDestroyMethodName("close");
      database.setFallback(true);
      registry.registerBeanDefinition(name + "SqliteDatabase", database);
    }
  }
}
