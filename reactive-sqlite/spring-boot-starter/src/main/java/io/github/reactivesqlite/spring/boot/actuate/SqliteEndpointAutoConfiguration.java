package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actuator endpoint {@code sqlite}, where it is exposed. */
@AutoConfiguration(after = SqliteAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(SqliteDatabase.class)
public final class SqliteEndpointAutoConfiguration {

  /** Called by the context. */
  public SqliteEndpointAutoConfiguration() {}

  /** Apart, since its condition is in the module that may be missing. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnAvailableEndpoint(SqliteEndpoint.class)
  static final class Exposed {

    @Bean
    @ConditionalOnMissingBean
    SqliteEndpoint sqliteEndpoint(ConfigurableListableBeanFactory beans) {
      return new SqliteEndpoint(beans.getBeansOfType(SqliteDatabase.class));
    }
  }
}
