package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.demo.doctor.Doctor;
import io.github.reactivesqlite.demo.lab.LabCommand;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the document library, the doctor or the lab. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DemoApplication {

  static final String USAGE =
      """
      usage: java -jar demo-app.jar [--library.folder=FOLDER] [--library.database=FILE] [--server.port=PORT]
                 indexes the text files of a folder (the working directory) and serves them
             java -jar demo-app.jar doctor FILE
                 looks at a database file and says what it finds
             java -jar demo-app.jar lab SCENARIO|all
                 runs applications that suffered from locks, as they were and on reactive-sqlite""";

  /**
   * Runs the program.
   *
   * @param arguments options of the library, or {@code doctor} or {@code lab} and what they take
   */
  public static void main(String[] arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    if (command.equals("doctor")) {
      List<String> rest = List.of(arguments).subList(1, arguments.length);
      System.exit(Doctor.run(rest, System.out, System.err));
    } else if (command.equals("lab")) {
      List<String> rest = List.of(arguments).subList(1, arguments.length);
      System.exit(LabCommand.run(rest, System.out, System.err));
    } else if (command.equals("--help") || command.equals("-h") || command.equals("help")) {
      System.out.println(USAGE);
    } else if (!command.isEmpty() && !command.startsWith("--")) {
      System.err.println("demo-app: no such command: " + command + "\n" + USAGE);
      System.exit(2);
    } else {
      new SpringApplication(DemoApplication.class).run(arguments);
    }
  }
}
