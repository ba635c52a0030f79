package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.spring.boot.transaction.SqliteTransactionManager;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * The beans of the databases under {@code reactive-sqlite.databases}: the database, its view and
 * its transaction manager. Where there is a main database, or one that the application opens
 * itself, they step back from every injection that names none.
 */
final class NamedDatabasesRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware {

  static final String DATABASE_FACTORY = "sqliteDatabaseFactory";
  static final String VIEW_FACTORY = "sqliteDatabaseViewFactory";
  static final String MAIN_DATABASE = "sqliteDatabase";

  /** What the bean of a database's file is called, behind the name of the database's bean. */
  static final String FILE = "File";

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
    if (names.contains(SqliteConfigCustomizer.MAIN)) {
      throw new InvalidConfigurationPropertyValueException(
          "reactive-sqlite.databases." + SqliteConfigCustomizer.MAIN,
          null,
          "That is what the main database is called. Configure that one directly below"
              + " reactive-sqlite, or choose another name.");
    }
    names.forEach(name -> requireFreeNames(name, registry));
    boolean stepBack = names.size() > 1 || hasOtherDatabase(registry);
    for (String name : names) {
      String database = name + "SqliteDatabase";
      RootBeanDefinition opened =
          made(SqliteDatabase.class, DATABASE_FACTORY, "open", name, "close");
      opened.setFallback(true);
      registry.registerBeanDefinition(database, opened);
      RootBeanDefinition file = made(PreparedFile.class, DATABASE_FACTORY, "prepare", name, null);
      file.setLazyInit(true);
      registry.registerBeanDefinition(database + FILE, file);
      RuntimeBeanReference reference = new RuntimeBeanReference(database);
      RootBeanDefinition view =
          made(TransactionAwareDatabase.class, VIEW_FACTORY, "view", reference, null);
      view.setFallback(stepBack);
      view.setPrimary(!stepBack);
      registry.registerBeanDefinition(name + "Database", view);
      RootBeanDefinition manager =
          made(SqliteTransactionManager.class, VIEW_FACTORY, "transactionManager", reference, null);
      manager.setFallback(stepBack);
      registry.registerBeanDefinition(name + "TransactionManager", manager);
    }
  }

  private static void requireFreeNames(String name, BeanDefinitionRegistry registry) {
    for (String bean :
        List.of(name + "SqliteDatabase", name + "Database", name + "TransactionManager")) {
      if (registry.containsBeanDefinition(bean)) {
        throw new InvalidConfigurationPropertyValueException(
            "reactive-sqlite.databases." + name,
            null,
            "One of its beans would be called "
                + bean
                + ", as another one is already. Choose another name.");
      }
    }
  }

  /** The main one or the application's own, all of which are registered before. */
  private static boolean hasOtherDatabase(BeanDefinitionRegistry registry) {
    return registry instanceof ListableBeanFactory beans
        && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                    beans, SqliteDatabase.class, true, false)
                .length
            > 0;
  }

  private static RootBeanDefinition made(
      Class<?> type, String factory, String method, Object argument, @Nullable String destroy) {
    RootBeanDefinition definition = new RootBeanDefinition(type);
    definition.setFactoryBeanName(factory);
    definition.setFactoryMethodName(method);
    definition.getConstructorArgumentValues().addIndexedArgumentValue(0, argument);
    definition.setDestroyMethodName(destroy == null ? "" : destroy);
    return definition;
  }
}
