package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.Documents;
import io.github.reactivesqlite.demo.library.Notes;
import io.github.reactivesqlite.demo.library.Search;
import io.github.reactivesqlite.demo.scan.ScanProgress;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/**
 * Tells a page what has changed of all it shows. Each event holds the whole of what it is about.
 */
@RestController
class LibraryEventsController {

  private final Events events;
  private final ScanProgress progress;
  private final Documents documents;
  private final Search search;
  private final Notes notes;

  LibraryEventsController(
      Events events, ScanProgress progress, Documents documents, Search search, Notes notes) {
    this.events = events;
    this.progress = progress;
    this.documents = documents;
    this.search = search;
    this.notes = notes;
  }

  /**
   * What a page shows.
   *
   * @param q what is searched for; without it documents are listed
   * @param document the document that is open; 0 for none
   */
  @GetMapping(path = "/api/library/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<Object>> events(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "20") int size,
      @RequestParam(defaultValue = "0") long document) {
    List<Flux<ServerSentEvent<Object>>> sources = new ArrayList<>();
    sources.add(Events.named("scan", progress.live()));
    if (q.isBlank()) {
      int number = Inputs.between("page", page, 0, DocumentController.LAST_PAGE);
      int most = Inputs.between("size", size, 1, DocumentController.LARGEST_PAGE);
      sources.add(Events.named("documents", documents.livePage(number, most)));
    } else {
      String words = Inputs.text("q", q, SearchController.LONGEST_QUERY);
      int most = Inputs.between("size", size, 1, SearchController.MOST_HITS);
      sources.add(Events.named("hits", search.live(words, most)));
    }
    if (document > 0) {
      sources.add(Events.named("notes", notes.live(document)));
    }
    return events.merged(sources);
  }
}
