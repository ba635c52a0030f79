package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process without workers. It reads "now", "delayed millis" and "resume", and ends with its
 * input.
 */
final class EnqueuingProcess {

  private EnqueuingProcess() {}

  public static void main(String[] args) throws IOException {
    try (SqliteDatabase db = SqliteDatabase.open(Path.of(args[0]));
        Jobs jobs = Jobs.of(db);
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      say("ready");
      String line = input.readLine();
      while (line != null) {
        act(jobs, line.split(" "));
        line = input.readLine();
      }
    }
    System.exit(0);
  }

  private static void act(Jobs jobs, String[] words) {
    switch (words[0]) {
      case "now" -> enqueue(jobs, JobsFixture.TEXT.job("now"));
      case "delayed" ->
          enqueue(
              jobs,
              JobsFixture.TEXT.job("delayed").delay(Duration.ofMillis(Long.parseLong(words[1]))));
      case "resume" -> {
        jobs.queue().resume().block(Bounded.LIMIT);
        say("resumed");
      }
      default -> say("unknown " + words[0]);
    }
  }

  private static void enqueue(Jobs jobs, NewJob<?> job) {
    say("job " + Bounded.get(jobs.enqueue(job)).id());
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
