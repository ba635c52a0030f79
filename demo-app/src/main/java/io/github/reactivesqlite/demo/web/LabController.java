package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.lab.LabEvent;
import io.github.reactivesqlite.demo.lab.LabOptions;
import io.github.reactivesqlite.demo.lab.LabResult;
import io.github.reactivesqlite.demo.lab.LabRuns;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.report.CsvTable;
import io.github.reactivesqlite.demo.lab.report.ResultTable;
import io.github.reactivesqlite.demo.lab.report.SvgChart;
import io.github.reactivesqlite.demo.lab.scenarios.Scenarios;
import io.github.reactivesqlite.demo.library.RejectedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** The contention lab: starts scenarios, tells what happens, gives the results. */
@RestController
class LabController {

  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
  private static final MediaType SVG = new MediaType("image", "svg+xml", StandardCharsets.UTF_8);

  /** What somebody can run. */
  record Offer(
      String name,
      String title,
      String story,
      String operation,
      int seconds,
      int workers,
      boolean ladder) {

    static Offer of(Scenario scenario) {
      return new Offer(
          scenario.name(),
          scenario.title(),
          scenario.story(),
          scenario.operation(),
          scenario.defaultSeconds(),
          scenario.defaultWorkers(),
          !scenario.ladder().isEmpty());
    }
  }

  /** The lab as it is. */
  record State(
      List<Offer> scenarios,
      int mostSeconds,
      int mostWorkers,
      @Nullable Long running,
      @Nullable Long newest) {}

  /** What to run; what is missing is the scenario's own. */
  record RunRequest(
      @Nullable String scenario,
      @Nullable Integer seconds,
      @Nullable Integer workers,
      @Nullable Boolean ladder) {}

  /** A run that was started. */
  record Started(long id) {}

  /** The end of a run. */
  record Finished(boolean met, ResultTable table) {}

  /** A step that has ended, with its operations for the legend. */
  record StepEnd(int step, double seconds) {}

  private final LabRuns runs;
  private final Events streams;

  LabController(LabRuns runs, Events streams) {
    this.runs = runs;
    this.streams = streams;
  }

  @GetMapping("/api/lab")
  State state() {
    return new State(
        Scenarios.all().stream().map(Offer::of).toList(),
        LabOptions.MOST_SECONDS,
        LabOptions.MOST_WORKERS,
        orNull(runs.running()),
        orNull(runs.newest()));
  }

  private static @Nullable Long orNull(OptionalLong id) {
    return id.isPresent() ? id.getAsLong() : null;
  }

  @PostMapping("/api/lab/runs")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Started start(@RequestBody RunRequest request) {
    String name = Inputs.text("scenario", request.scenario(), 40);
    Scenario scenario =
        Scenarios.named(name)
            .orElseThrow(() -> RejectedException.invalid("There is no such scenario."));
    int seconds = request.seconds() == null ? scenario.defaultSeconds() : request.seconds();
    int workers = request.workers() == null ? scenario.defaultWorkers() : request.workers();
    LabOptions options =
        new LabOptions(
            Inputs.between("seconds", seconds, 1, LabOptions.MOST_SECONDS),
            Inputs.between("workers", workers, 1, LabOptions.MOST_WORKERS),
            Boolean.TRUE.equals(request.ladder()));
    return new Started(runs.start(scenario, options));
  }

  @PostMapping("/api/lab/runs/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void cancel(@PathVariable long id) {
    runs.cancel(id);
  }

  @GetMapping(path = "/api/lab/runs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<Object>> events(@PathVariable long id) {
    return streams.untilEnd(runs.events(id).map(LabController::event));
  }

  private static ServerSentEvent<Object> event(LabEvent event) {
    if (event instanceof LabEvent.Begun begun) {
      return named("begun", begun);
    } else if (event instanceof LabEvent.Tick tick) {
      return named("tick", tick);
    } else if (event instanceof LabEvent.StepEnded ended) {
      return named("step", new StepEnd(ended.step(), ended.measurement().seconds()));
    } else if (event instanceof LabEvent.Finished finished) {
      LabResult result = finished.result();
      return named("finished", new Finished(result.met(), ResultTable.of(result)));
    }
    return named("ended", event);
  }

  private static ServerSentEvent<Object> named(String name, Object data) {
    return ServerSentEvent.builder(data).event(name).build();
  }

  @GetMapping("/api/lab/runs/{id}")
  Finished result(@PathVariable long id) {
    LabResult result = runs.result(id);
    return new Finished(result.met(), ResultTable.of(result));
  }

  @GetMapping("/api/lab/runs/{id}/table.csv")
  ResponseEntity<byte[]> csv(@PathVariable long id) {
    LabResult result = runs.result(id);
    return file(result, "csv", CSV, CsvTable.of(ResultTable.of(result)));
  }

  @GetMapping("/api/lab/runs/{id}/chart.svg")
  ResponseEntity<byte[]> svg(@PathVariable long id) {
    LabResult result = runs.result(id);
    return file(result, "svg", SVG, SvgChart.of(result));
  }

  private static ResponseEntity<byte[]> file(
      LabResult result, String ending, MediaType type, String content) {
    ContentDisposition attachment =
        ContentDisposition.attachment().filename(result.scenario().name() + "." + ending).build();
    return ResponseEntity.ok()
        .contentType(type)
        .header(HttpHeaders.CONTENT_DISPOSITION, attachment.toString())
        .body(content.getBytes(StandardCharsets.UTF_8));
  }
}
