package com.example.bookshelf;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.ConstraintViolationException;
import java.util.List;
import java.util.NoSuchElementException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

// region: spring-sample
@SpringBootApplication
@RestController
public class Bookshelf {
  public record Book(Long id, String title, int copies) {}
  private final ReactiveDatabase db;

  Bookshelf(ReactiveDatabase db) {
    this.db = db;
  }

  @PostMapping("/books")
  public Mono<Book> add(@RequestBody Book book) {
    var insert = db.update("INSERT INTO book (title, copies) VALUES (?, ?) RETURNING *");
    return insert.bind(1, book.title()).bind(2, book.copies()).returning(Book.class).one();
  }

  @Transactional // both statements, or none
  @PostMapping("/books/{from}/give/{to}")
  public Mono<Book> give(@PathVariable long from, @PathVariable long to) {
    var change = db.update("UPDATE book SET copies = copies + ? WHERE id = ? RETURNING *");
    Mono<Book> giver = change.bind(1, -1).bind(2, from).returning(Book.class).one().single();
    return change.bind(1, 1).bind(2, to).returning(Book.class).one().single().then(giver);
  }

  @GetMapping(path = "/books", produces = "text/event-stream")
  public Flux<List<Book>> books() { // now, and again after every commit that changes the answer
    return db.query("SELECT * FROM book ORDER BY title LIMIT 100").mapTo(Book.class).live();
  }

  @ExceptionHandler({ConstraintViolationException.class, NoSuchElementException.class})
  public ProblemDetail refused(Exception refused) { // a title twice, no copy left; no such book
    return ProblemDetail.forStatus(refused instanceof NoSuchElementException ? 404 : 409);
  }

  public static void main(String[] args) {
    SpringApplication.run(Bookshelf.class, args);
  }
}
// endregion
