package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParagraphReaderTest {

  @Test
  void blankLinesSeparateParagraphs() throws IOException {
    assertThat(paragraphs("\n\n one\n  two\r\n \t \r\nthree\n\n\n\nfour"))
        .containsExactly("one\n  two", "three", "four");
  }

  @Test
  void textWithoutParagraphsHasOneEmptyChunk() throws IOException {
    for (String text : List.of("", "\n\n \n")) {
      assertThat(chunks(text)).containsExactly(new Chunk(0, List.of(), true));
    }
  }

  @Test
  void controlCharactersBecomeBlanks() throws IOException {
    assertThat(paragraphs("\uFEFFa\u0001b\u0000c\u001Bd\te")).containsExactly("a b c d\te");
  }

  @Test
  void longParagraphIsCutButNoCharacterIs() throws IOException {
    String face = "\uD83D\uDE00";
    String text = "x".repeat(ParagraphReader.PARAGRAPH_CHARS - 1) + face.repeat(10);

    List<String> cut = paragraphs(text);

    assertThat(cut).hasSize(2);
    assertThat(String.join("", cut)).isEqualTo(text);
    assertThat(cut.get(0)).endsWith(face);
  }

  @Test
  void chunksFollowOneAnotherAndTheLastSaysSo() throws IOException {
    int count = 2 * ParagraphReader.CHUNK_PARAGRAPHS;

    List<Chunk> chunks = chunks("word\n\n".repeat(count));

    assertThat(chunks).extracting(Chunk::first).containsExactly(0, 200);
    assertThat(chunks).extracting(Chunk::end).containsExactly(200, 400);
    assertThat(chunks).extracting(Chunk::last).containsExactly(false, true);
  }

  @Test
  void chunkIsBoundedByItsSizeToo() throws IOException {
    List<Chunk> chunks = chunks("x".repeat(300 * 1024));

    assertThat(chunks).hasSizeGreaterThan(2);
    assertThat(chunks)
        .allSatisfy(
            chunk ->
                assertThat(chunk.paragraphs().stream().mapToInt(String::length).sum())
                    .isLessThan(ParagraphReader.CHUNK_CHARS + ParagraphReader.PARAGRAPH_CHARS));
  }

  private static List<String> paragraphs(String text) throws IOException {
    List<String> paragraphs = new ArrayList<>();
    chunks(text).forEach(chunk -> paragraphs.addAll(chunk.paragraphs()));
    return paragraphs;
  }

  private static List<Chunk> chunks(String text) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    try (ParagraphReader reader = new ParagraphReader(new StringReader(text))) {
      for (Chunk chunk = reader.nextChunk(); chunk != null; chunk = reader.nextChunk()) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }
}
