package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedHostsTest {

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void libraryAnswersOnlyUnderItsOwnNames() throws IOException {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      URI base = URI.create(demo.base());

      assertThat(statusLine(base, "attacker.example")).contains(" 421 ");
      assertThat(statusLine(base, "attacker.example:" + base.getPort())).contains(" 421 ");
      assertThat(statusLine(base, "localhost:" + base.getPort())).contains(" 200 ");
      assertThat(statusLine(base, "[::1]:" + base.getPort())).contains(" 200 ");
    }
  }

  /** By hand, as the client of the JDK does not let a caller choose the host. */
  private static String statusLine(URI base, String host) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      String request =
          "GET /api/documents HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }
  }
}
