package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** What pages are told without asking again. */
class LiveEventsTest {

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "Otters swim");
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    demo.scan();
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  @Test
  void searchIsToldOfDocumentsThatComeAndGo() throws Exception {
    BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    Disposable page = demo.events("/api/library/events?q=otters", "hits").subscribe(answers::add);
    try {
      awaitHits(answers, 1);
      Files.writeString(folder.resolve("b.txt"), "More otters");
      demo.scan();
      awaitHits(answers, 2);
      Files.delete(folder.resolve("a.txt"));
      demo.scan();
      awaitHits(answers, 1);
    } finally {
      page.dispose();
    }
  }

  @Test
  void dashboardIsToldTheHistoryAndThenEachSecond() {
    List<JsonNode> told =
        demo.events("/api/dashboard/events", "samples")
            .take(4)
            .collectList()
            .block(RunningDemo.LONG);

    assertThat(told.subList(1, 4)).allSatisfy(samples -> assertThat(samples).hasSize(1));
    List<Long> times =
        told.stream()
            .flatMap(JsonNode::valueStream)
            .map(sample -> sample.get("time").asLong())
            .toList();
    assertThat(times).isSorted().doesNotHaveDuplicates();
    JsonNode last = told.get(3).get(0);
    assertThat(last.get("jobs").get("completed").asInt()).as("folder and file").isEqualTo(2);
    assertThat(last.get("walBytes").asLong()).isPositive();
    assertThat(last.get("readersActive").asInt() + last.get("readersIdle").asInt()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/library/events", "/api/dashboard/events"})
  void streamBeginsWithAHeartbeatThatSaysHowOftenThereIsOne(String path) {
    String first =
        WebClient.create(demo.base())
            .get()
            .uri(path)
            .retrieve()
            .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
            .map(event -> event.event() + " " + event.data())
            .blockFirst(RunningDemo.LONG);

    assertThat(first).isEqualTo("alive 15000");
  }

  @Test
  void pageThatListensIsCountedAsLongAsItDoes() {
    Disposable page = demo.events("/api/library/events", "scan").subscribe();
    try {
      demo.statusUntil(status -> status.get("viewers").asInt() == 2);
    } finally {
      page.dispose();
    }
    JsonNode alone = demo.statusUntil(status -> status.get("viewers").asInt() == 1);
    assertThat(alone.get("thresholds")).hasSize(13);
  }

  private static void awaitHits(BlockingQueue<JsonNode> answers, int wanted)
      throws InterruptedException {
    JsonNode answer;
    do {
      answer = answers.poll(60, TimeUnit.SECONDS);
      assertThat(answer).as("an answer with %d hits", wanted).isNotNull();
    } while (answer.get("hits").size() != wanted);
  }
}
