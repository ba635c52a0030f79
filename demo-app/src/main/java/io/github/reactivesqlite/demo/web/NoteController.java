package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.Note;
import io.github.reactivesqlite.demo.library.Notes;
import io.github.reactivesqlite.demo.library.RejectedException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Takes notes. */
@RestController
class NoteController {

  private static final int LONGEST_NOTE = 4_000;

  /** A note as it is sent. */
  record NewNote(@Nullable Long documentId, @Nullable String text) {}

  private final Notes notes;

  NoteController(Notes notes) {
    this.notes = notes;
  }

  @PostMapping("/api/notes")
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Note> add(@RequestBody NewNote note) {
    if (note.documentId() == null) {
      throw RejectedException.invalid("documentId must be the number of a document.");
    }
    return notes.add(note.documentId(), Inputs.text("text", note.text(), LONGEST_NOTE));
  }
}
