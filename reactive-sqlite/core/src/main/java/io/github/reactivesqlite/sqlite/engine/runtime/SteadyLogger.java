package io.github.reactivesqlite.sqlite.engine.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LocationAwareLogger;

/**
 * A logger that never throws. The engine logs between taking work and answering it, so an
 * application's appender that throws would otherwise cost a caller its answer.
 */
public final class SteadyLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient Logger logger;

  private SteadyLogger(Logger logger) {
    this.logger = logger;
    this.name = logger.getName();
  }

  /** The logger of a class. */
  public static Logger of(Class<?> owner) {
    return of(owner.getName());
  }

  /** The logger of a name. */
  public static Logger of(String name) {
    return new SteadyLogger(LoggerFactory.getLogger(name));
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    try {
      if (logger instanceof LocationAwareLogger aware) {
        aware.log(marker, getFullyQualifiedCallerName(), level.toInt(), message, arguments, thrown);
      } else {
        logger
            .atLevel(level)
            .setCause(thrown)
            .log(message, arguments == null ? new Object[0] : arguments);
      }
    } catch (Throwable refused) {
      // There is nobody to tell: telling is what has failed
    }
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return AbstractLogger.class.getName();
  }

  @Override
  public boolean isTraceEnabled() {
    return logger.isTraceEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return logger.isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return logger.isInfoEnabled();
  }

  @Override
  public boolean isWarnEnabled() {
    return logger.isWarnEnabled();
  }

  @Override
  public boolean isErrorEnabled() {
    return logger.isErrorEnabled();
  }
}
