package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.error.DatabaseException;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Translates what the Mono or Flux of a {@code @Repository} signals. Spring itself translates what
 * its methods throw, with {@link SqliteExceptionTranslator}.
 */
public final class RepositoryTranslation extends AbstractBeanFactoryAwareAdvisingPostProcessor {

  private static final long serialVersionUID = 1L;

  /**
   * A post-processor.
   *
   * @param proxyTargetClass whether classes are proxied, and not their interfaces
   */
  public RepositoryTranslation(boolean proxyTargetClass) {
    setProxyTargetClass(proxyTargetClass);
    MethodInterceptor translating = invocation -> translated(invocation.proceed());
    this.advisor =
        new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(Repository.class, true), translating);
  }

  private static @Nullable Object translated(@Nullable Object result) {
    if (result instanceof Mono<?> mono) {
      return mono.onErrorMap(DatabaseException.class, SqliteExceptionTranslator::translated);
    }
    return result instanceof Flux<?> flux
        ? flux.onErrorMap(DatabaseException.class, SqliteExceptionTranslator::translated)
        : result;
  }
}
