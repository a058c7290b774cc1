package io.balsa.model;

/**
 * A client's own name for one of its writes. The store remembers the first result under it, so the
 * write is done once, however often it comes.
 *
 * @param client 0 for none
 * @param sequence the client's number for the write, from 1 on; not used for any other write
 * @param since the index of an entry that some server applied before the client's first write; 0
 *     when the client does not say
 */
public record WriteId(long client, long sequence, long since) {
  /** The name of a client that wants no result remembered. */
  public static final WriteId NONE = new WriteId(0, 0, 0);

  /** A name of a client that does not say since when it writes. */
  public WriteId(long client, long sequence) {
    this(client, sequence, 0);
  }

  public boolean isNone() {
    return client == 0;
  }
}
