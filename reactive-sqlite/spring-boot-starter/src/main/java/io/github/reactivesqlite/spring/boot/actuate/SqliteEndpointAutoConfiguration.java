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

/** The actuator endpoint {@code sqlite}, where it is exposed. */
@AutoConfiguration(after = SqliteAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(SqliteDatabase.class)
@ConditionalOnAvailableEndpoint(SqliteEndpoint.class)
public final class SqliteEndpointAutoConfiguration {

  /** Called by the context. */
  public SqliteEndpointAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  SqliteEndpoint sqliteEndpoint(ConfigurableListableBeanFactory beans) {
    return new SqliteEndpoint(beans.getBeansOfType(SqliteDatabase.class));
  }
}
