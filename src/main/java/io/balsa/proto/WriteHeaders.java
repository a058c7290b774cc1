package io.balsa.proto;

import io.grpc.Metadata;

/** The headers by which a write may have a name; docs/decisions/0009 says what they mean. */
public final class WriteHeaders {
  /** The client's id: any number but 0, unsigned, decimal. */
  public static final Metadata.Key<String> CLIENT = key("balsa-client-id");

  /** Which of the client's writes it is: from 1 on, decimal. */
  public static final Metadata.Key<String> SEQUENCE = key("balsa-sequence");

  /**
   * The index of an entry that was applied before the client took its id, decimal; without it a
   * client that was forgotten is not always told so.
   */
  public static final Metadata.Key<String> SINCE = key("balsa-client-since");

  /**
   * With any value: the request was not sent under this name before, so it cannot be done already.
   * Then a server may look at what it would cost before it is proposed.
   */
  public static final Metadata.Key<String> FIRST = key("balsa-first");

  /** In an answer: names are understood, and this many of a client's writes are remembered. */
  public static final Metadata.Key<String> REMEMBERS = key("balsa-remembers");

  /** In an answer to who does not say since when it has its id, or may be forgotten: an index. */
  public static final Metadata.Key<String> APPLIED = key("balsa-applied");

  /** What stands in the text of the refusal by which a client learns that it may be forgotten. */
  public static final String FORGOTTEN = "client sequence is too old";

  private WriteHeaders() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
