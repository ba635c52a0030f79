package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Set;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * Tells Spring Boot that opening a database initializes it: after Flyway, scripts and every other
 * initializer have run, and before beans that depend on an initialized database. The other
 * initializers wait for the files, so that they find them as the library makes them.
 */
final class DatabaseInitializers extends AbstractBeansOfTypeDatabaseInitializerDetector {

  @Override
  protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
    return Set.of(SqliteDatabase.class);
  }

  @Override
  public void detectionComplete(
      ConfigurableListableBeanFactory beans, Set<String> initializerNames) {
    String[] files = beans.getBeanNamesForType(PreparedFile.class, true, false);
    Set<String> databases = detect(beans);
    for (String initializer : initializerNames) {
      if (!databases.contains(initializer) && beans.containsBeanDefinition(initializer)) {
        BeanDefinition other = beans.getBeanDefinition(initializer);
        other.setDependsOn(StringUtils.concatenateStringArrays(other.getDependsOn(), files));
      }
    }
  }

  /** Behind that of Spring Boot's scripts, which is the lowest of its own. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
