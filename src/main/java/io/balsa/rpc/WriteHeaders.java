package io.balsa.rpc;

import io.grpc.Metadata;

/** Metadata keys by which a write has a name; docs/decisions/0009 explains names. */
public final class WriteHeaders {
  /** The client's id: any number but 0, unsigned, decimal. */
  public static final Metadata.Key<String> CLIENT = CallHeaders.text("balsa-client-id");

  /** The number of the write among the client's writes: from 1 on, decimal. */
  public static final Metadata.Key<String> SEQUENCE = CallHeaders.text("balsa-sequence");

  /**
   * The index of an entry that was applied before the client took its id, decimal. Without it, a
   * server that has forgotten the client cannot always say so.
   */
  public static final Metadata.Key<String> SINCE = CallHeaders.text("balsa-client-since");

  /**
   * With any value: the request was not sent under this name before, so no server has done it. Then
   * a server may measure its cost before proposing it.
   */
  public static final Metadata.Key<String> FIRST = CallHeaders.text("balsa-first");

  /** In an answer: the server understands names, and remembers so many writes of a client. */
  public static final Metadata.Key<String> REMEMBERS = CallHeaders.text("balsa-remembers");

  /**
   * In an answer to a client that sent no {@link #SINCE}, or that may be forgotten: the index of
   * the last entry that the server has applied.
   */
  public static final Metadata.Key<String> APPLIED = CallHeaders.text("balsa-applied");

  /** Part of the text of the refusal that tells a client that it may be forgotten. */
  public static final String FORGOTTEN = "client sequence is too old";

  private WriteHeaders() {}
}
