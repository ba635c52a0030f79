package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.DocumentPage;
import io.github.reactivesqlite.demo.library.DocumentSummary;
import io.github.reactivesqlite.demo.library.DocumentText;
import io.github.reactivesqlite.demo.library.Documents;
import io.github.reactivesqlite.demo.library.RejectedException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lists and shows documents. */
@RestController
class DocumentController {

  static final int LAST_PAGE = 1_000_000;
  static final int LARGEST_PAGE = 200;
  private static final int MOST_PARAGRAPHS = 500;

  private final Documents documents;

  DocumentController(Documents documents) {
    this.documents = documents;
  }

  @GetMapping("/api/documents")
  Mono<DocumentPage> page(
      @RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "20") int size) {
    return documents.page(
        Inputs.between("page", page, 0, LAST_PAGE), Inputs.between("size", size, 1, LARGEST_PAGE));
  }

  @GetMapping("/api/documents/{id}")
  Mono<DocumentText> one(
      @PathVariable long id,
      @RequestParam(defaultValue = "0") int from,
      @RequestParam(defaultValue = "100") int count) {
    return documents
        .text(
            id,
            Inputs.between("from", from, 0, Integer.MAX_VALUE),
            Inputs.between("count", count, 1, MOST_PARAGRAPHS))
        .switchIfEmpty(
            Mono.error(() -> RejectedException.notFound("There is no document of this number.")));
  }

  /** One line of JSON a document, read from the database as fast as the client takes them. */
  @GetMapping(path = "/api/documents.ndjson", produces = MediaType.APPLICATION_NDJSON_VALUE)
  Flux<DocumentSummary> all() {
    return documents.all();
  }
}
