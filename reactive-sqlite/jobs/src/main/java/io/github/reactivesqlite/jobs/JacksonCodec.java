package io.github.reactivesqlite.jobs;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads as JSON, by Jackson 3, which is an optional dependency: whoever uses this class declares
 * {@code tools.jackson.core:jackson-databind}. Reading names the class, never the text: no default
 * typing, no class names in the payload.
 *
 * @param <P> the type of the payload
 */
public final class JacksonCodec<P> implements PayloadCodec<P> {

  private final ObjectMapper mapper;
  private final Class<P> type;

  private JacksonCodec(ObjectMapper mapper, Class<P> type) {
    this.mapper = mapper;
    this.type = type;
  }

  /**
   * A codec with Jackson's defaults.
   *
   * @param type the payload's class, for example a record
   * @param <P> the type of the payload
   * @return the codec
   */
  public static <P> JacksonCodec<P> of(Class<P> type) {
    return new JacksonCodec<>(JsonMapper.shared(), type);
  }

  /**
   * A codec with a mapper of one's own.
   *
   * @param mapper writes and reads
   * @param type the payload's class
   * @param <P> the type of the payload
   * @return the codec
   */
  public static <P> JacksonCodec<P> of(ObjectMapper mapper, Class<P> type) {
    return new JacksonCodec<>(mapper, type);
  }

  @Override
  public String encode(P payload) {
    return mapper.writeValueAsString(payload);
  }

  @Override
  public P decode(String text) {
    return mapper.readValue(text, type);
  }
}
