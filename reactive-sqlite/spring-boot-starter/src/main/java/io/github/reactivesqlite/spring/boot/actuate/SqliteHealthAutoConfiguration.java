package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeReactiveHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of every database, as the contributor {@code sqlite}. */
@AutoConfiguration(after = SqliteAutoConfiguration.class)
@ConditionalOnClass({
  ReactiveHealthContributor.class,
  CompositeReactiveHealthContributorConfiguration.class
})
@ConditionalOnBean(SqliteDatabase.class)
public final class SqliteHealthAutoConfiguration {

  /** Called by the context. */
  public SqliteHealthAutoConfiguration() {}

  /** Apart, since its conditions and its parent are in the module that may be missing. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnEnabledHealthIndicator("sqlite")
  static final class Contributor
      extends CompositeReactiveHealthContributorConfiguration<
          SqliteHealthIndicator, SqliteDatabase> {

    Contributor() {
      super(SqliteHealthIndicator::new);
    }

    @Bean
    @ConditionalOnMissingBean(name = {"sqliteHealthIndicator", "sqliteHealthContributor"})
    ReactiveHealthContributor sqliteHealthContributor(ConfigurableListableBeanFactory beans) {
      return createContributor(DatabaseNames.of(beans.getBeansOfType(SqliteDatabase.class)));
    }
  }
}
