package io.balsa.proto;

import io.grpc.Metadata;

/** The headers by which a write may have a name; docs/decisions/0009 says what they mean. */
public final class WriteHeaders {
  /** The client's id: any number but 0, unsigned, decimal. */
  public static final Metadata.Key<String> CLIENT = key("balsa-client-id");

  /** Which of the client's writes it is: from 1 on, decimal. */
  public static final Metadata.Key<String> SEQUENCE = key("balsa-sequence");

  /** In an answer: names are understood, and this many of a client's writes are remembered. */
  public static final Metadata.Key<String> REMEMBERS = key("balsa-remembers");

  private WriteHeaders() {}

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
