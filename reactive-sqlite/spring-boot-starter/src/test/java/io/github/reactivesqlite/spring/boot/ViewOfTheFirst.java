package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beside {@link TwoOwnDatabases}: a view of the first. */
@Configuration(proxyBeanMethods = false)
public class ViewOfTheFirst {

  @Bean
  TransactionAwareDatabase firstView(@Qualifier("first") SqliteDatabase first) {
    return TransactionAwareDatabase.of(first);
  }
}
