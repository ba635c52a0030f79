package io.github.reactivesqlite.jobs;

/**
 * Turns a payload into text and back. Payloads outlive the program that wrote them: a codec must
 * read what its older versions wrote. Called on any thread; must not block.
 *
 * @param <P> the type of the payload
 */
public interface PayloadCodec<P> {

  /**
   * Writes a payload.
   *
   * @param payload the payload
   * @return the text that is stored
   * @throws Exception if it cannot be written; enqueueing fails
   */
  String encode(P payload) throws Exception;

  /**
   * Reads a payload.
   *
   * @param text what {@link #encode} made, perhaps long ago
   * @return the payload
   * @throws Exception if it cannot be read; the attempt fails like one of the handler
   */
  P decode(String text) throws Exception;

  /**
   * Text as it is.
   *
   * @return a codec that changes nothing
   */
  static PayloadCodec<String> text() {
    return TextCodec.INSTANCE;
  }
}
