package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;

/** Applications that cannot start. */
public final class FailedStart {

  private FailedStart() {}

  /**
   * Starts, which fails, and gives what was reported.
   *
   * @param output what the test prints
   * @param sources the application
   * @param arguments properties of the library, without their prefix
   */
  public static String report(CapturedOutput output, Class<?>[] sources, String... arguments) {
    SpringApplication application = new SpringApplication(sources);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    String[] all = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      all[i] = "--reactive-sqlite." + arguments[i];
    }
    try {
      application.run(all).close();
    } catch (RuntimeException expected) {
      String reported = output.getAll();
      assertThat(reported).contains("APPLICATION FAILED TO START");
      return reported.substring(reported.lastIndexOf("APPLICATION FAILED TO START"));
    }
    throw new AssertionError("The application started");
  }
}
