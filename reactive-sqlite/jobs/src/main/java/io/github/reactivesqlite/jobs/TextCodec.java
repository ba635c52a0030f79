package io.github.reactivesqlite.jobs;

/** Text as it is. */
enum TextCodec implements PayloadCodec<String> {
  INSTANCE;

  @Override
  public String encode(String payload) {
    return payload;
  }

  @Override
  public String decode(String text) {
    return text;
  }
}
