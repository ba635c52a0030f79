package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.figures.FigureRecorder;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Tells the dashboard what has been measured, and then each second what is. */
@RestController
class DashboardController {

  private final Events events;
  private final FigureRecorder recorder;

  DashboardController(Events events, FigureRecorder recorder) {
    this.events = events;
    this.recorder = recorder;
  }

  @GetMapping(path = "/api/dashboard/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<Object>> events() {
    return events.merged(
        List.of(
            Events.named("samples", recorder.samples()),
            Events.named("status", recorder.statuses())));
  }
}
