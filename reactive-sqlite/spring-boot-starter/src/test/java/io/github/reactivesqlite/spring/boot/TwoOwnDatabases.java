package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that opens two databases itself, {@code first} and {@code second}. */
@Configuration(proxyBeanMethods = false)
public class TwoOwnDatabases {

  @Bean
  SqliteDatabase first() {
    return SqliteDatabase.temporary();
  }

  @Bean
  SqliteDatabase second() {
    return SqliteDatabase.temporary();
  }
}
