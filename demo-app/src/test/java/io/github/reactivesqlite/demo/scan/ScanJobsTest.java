package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.scan.ScanJobs.FilesGone;
import io.github.reactivesqlite.jobs.JacksonCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job can be older than the program that does it. */
class ScanJobsTest {

  @Test
  void removalThatAnEarlierVersionEnqueuedNamesNoFolder() throws Exception {
    FilesGone gone =
        JacksonCodec.of(FilesGone.class).decode("{\"scan\": 7, \"paths\": [\"a.txt\"]}");

    assertThat(gone).isEqualTo(new FilesGone(7, null, List.of("a.txt")));
  }
}
