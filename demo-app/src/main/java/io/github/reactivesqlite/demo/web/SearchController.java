package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.Search;
import io.github.reactivesqlite.demo.library.SearchResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Searches. */
@RestController
class SearchController {

  static final int LONGEST_QUERY = 200;
  static final int MOST_HITS = 100;

  private final Search search;

  SearchController(Search search) {
    this.search = search;
  }

  @GetMapping("/api/search")
  Mono<SearchResult> search(
      @RequestParam(defaultValue = "") String q, @RequestParam(defaultValue = "20") int limit) {
    return search.find(
        Inputs.text("q", q, LONGEST_QUERY), Inputs.between("limit", limit, 1, MOST_HITS));
  }
}
