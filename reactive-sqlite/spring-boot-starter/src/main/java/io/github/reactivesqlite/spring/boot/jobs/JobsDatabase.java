package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.spring.boot.SqliteConfigCustomizer;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The database that the jobs are in: the one that the property names, else the one whose view an
 * injection without a name gets, but none that stepped back from those.
 *
 * @param name as the properties name it, or the bean of the application's own view
 * @param bean the view's bean
 * @param configured whether properties configure it, and not the application itself
 */
record JobsDatabase(String name, String bean, boolean configured) {

  private static final String MAIN_VIEW = "reactiveDatabase";
  private static final String VIEW = "Database";

  static JobsDatabase find(@Nullable String chosen, ConfigurableListableBeanFactory beans) {
    Map<String, JobsDatabase> all = new TreeMap<>();
    for (String view : beans.getBeanNamesForType(TransactionAwareDatabase.class)) {
      JobsDatabase database = of(view, beans);
      all.put(database.name, database);
    }
    return chosen == null ? main(all.values(), beans) : named(chosen, all);
  }

  private static JobsDatabase of(String view, ConfigurableListableBeanFactory beans) {
    if (view.equals(MAIN_VIEW)) {
      boolean configured = beans.containsBean("sqliteDatabaseFile");
      return new JobsDatabase(SqliteConfigCustomizer.MAIN, view, configured);
    }
    String name = view.endsWith(VIEW) ? view.substring(0, view.length() - VIEW.length()) : view;
    return beans.containsBean(name + "SqliteDatabaseFile")
        ? new JobsDatabase(name, view, true)
        : new JobsDatabase(view, view, false);
  }

  private static JobsDatabase named(String chosen, Map<String, JobsDatabase> all) {
    JobsDatabase found = all.get(chosen);
    if (found == null) {
      throw new InvalidConfigurationPropertyValueException(
          "reactive-sqlite.jobs.database",
          chosen,
          "There is no database of that name. There are: " + String.join(", ", all.keySet()));
    }
    return found;
  }

  private static JobsDatabase main(
      Collection<JobsDatabase> all, ConfigurableListableBeanFactory beans) {
    String unnamed;
    try {
      unnamed = beans.resolveNamedBean(TransactionAwareDatabase.class).getBeanName();
    } catch (NoSuchBeanDefinitionException noneOrSeveral) {
      throw all.isEmpty() && !hasSeveral(beans)
          ? NoMainDatabaseException.withoutView()
          : NoMainDatabaseException.among(all);
    }
    if (beans.containsBeanDefinition(unnamed) && beans.getBeanDefinition(unnamed).isFallback()) {
      throw NoMainDatabaseException.among(all);
    }
    return all.stream()
        .filter(database -> database.bean.equals(unnamed))
        .findFirst()
        .orElseGet(() -> of(unnamed, beans));
  }

  private static boolean hasSeveral(ConfigurableListableBeanFactory beans) {
    return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                beans, SqliteDatabase.class, true, false)
            .length
        > 1;
  }

  /** What it is called within a sentence. */
  String described() {
    return isMain() ? "the main database" : "database '" + name + "'";
  }

  /** One of its knobs as whoever configures it calls it. */
  String property(String knob) {
    if (!configured) {
      return "the " + knob + " of its SqliteConfig";
    }
    return (isMain() ? "reactive-sqlite." : "reactive-sqlite.databases." + name + ".") + knob;
  }

  private boolean isMain() {
    return name.equals(SqliteConfigCustomizer.MAIN);
  }
}
