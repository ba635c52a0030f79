package io.github.reactivesqlite.demo.scan;

import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets jobs record failures in our own words: a message of the system may name any path. */
@Configuration(proxyBeanMethods = false)
class ScanErrorTexts {

  @Bean
  Function<Throwable, String> jobErrorText() {
    return ScanErrors::text;
  }
}
