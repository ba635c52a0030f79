package com.example.bookshelf;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.transaction.annotation.Transactional;
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
    return db.update("INSERT INTO book (title, copies) VALUES (:title, :copies) RETURNING *")
        .bind("title", book.title())
        .bind("copies", book.copies())
        .returning(Book.class)
        .one();
  }

  @Transactional // both statements, or none
  @PostMapping("/books/{from}/give/{to}")
  public Mono<Void> give(@PathVariable long from, @PathVariable long to) {
    String change = "UPDATE book SET copies = copies + :by WHERE id = :id";
    return db.update(change)
        .bind("by", 1)
        .bind("id", to)
        .rowsUpdated()
        .then(db.update(change).bind("by", -1).bind("id", from).rowsUpdated())
        .then();
  }

  @GetMapping(path = "/books", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  public Flux<List<Book>> books() { // now, and again after every commit that changes the answer
    return db.query("SELECT * FROM book ORDER BY title LIMIT 100").mapTo(Book.class).live();
  }

  public static void main(String[] args) {
    SpringApplication.run(Bookshelf.class, args);
  }
}
// endregion
