package io.github.reactivesqlite.reliability.security;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * All that leaves the library in words: every log line at every level, with the stack traces, and
 * what else a test hands in.
 */
final class EverythingSaid implements AutoCloseable {

  private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.github.reactivesqlite");
  private final Logger driver = (Logger) LoggerFactory.getLogger("org.sqlite");
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final Level rootLevel = root.getLevel();
  private final Level oursLevel = ours.getLevel();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          StringBuilder line = new StringBuilder("log: ");
          line.append(event.getLoggerName()).append(' ').append(event.getThreadName()).append(' ');
          line.append(event.getFormattedMessage()).append(event.getMDCPropertyMap());
          if (event.getThrowableProxy() != null) {
            line.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
          }
          said.add(line.toString());
        }
      };

  EverythingSaid(Level driverLevel) {
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.iteratorForAppenders().forEachRemaining(others::add);
    others.forEach(root::detachAppender);
    root.addAppender(appender);
    root.setLevel(Level.TRACE);
    ours.setLevel(Level.TRACE);
    driver.setLevel(driverLevel);
  }

  /** What a handler of an error would log of it: the chain, what was suppressed, the traces. */
  void error(String what, Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    said.add("error of " + what + ": " + text);
  }

  /** Something printed. */
  void printed(String what, Object value) {
    said.add(what + ": " + value);
  }

  long count(String beginning) {
    return said.stream().filter(text -> text.startsWith(beginning)).count();
  }

  /** Everything that has one of the secrets in it. */
  List<String> with(List<String> secrets) {
    List<String> found = new ArrayList<>();
    for (String text : said) {
      for (String secret : secrets) {
        int at = text.indexOf(secret);
        if (at >= 0) {
          int from = Math.max(0, at - 300);
          found.add(
              text.substring(0, Math.min(80, text.length()))
                  + " … "
                  + text.substring(from, Math.min(text.length(), at + 80)));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    root.setLevel(rootLevel);
    ours.setLevel(oursLevel);
    driver.setLevel(null);
    root.detachAppender(appender);
    others.forEach(root::addAppender);
    appender.stop();
  }
}
