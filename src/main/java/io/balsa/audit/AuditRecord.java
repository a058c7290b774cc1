package io.balsa.audit;

import io.balsa.bytes.Bytes;
import java.time.Instant;
import java.util.List;

/**
 * One request.
 *
 * @param sequence rises by one with each request that was to be recorded, from 1 at a start of the
 *     server; a gap means lost records
 * @param user the name of the user; empty for none
 * @param identity how the user was known: {@code token}, {@code certificate}, {@code password}, or
 *     {@code none}
 * @param source the address of the connection; empty when it is unknown. Behind a proxy it is the
 *     proxy's
 * @param method such as {@code KV/Put}
 * @param keys the keys and ranges that the request names; the first of many
 * @param subject what else it is about, such as {@code role=reader} or {@code lease=123}
 * @param result gRPC's name of the status, such as {@code OK} or {@code PERMISSION_DENIED}
 * @param reason the text of a failure; empty for OK
 * @param revision the revision in the answer; 0 for none
 * @param write the name that the client gave its write, {@code client/sequence}; empty for none
 */
public record AuditRecord(
    long sequence,
    Instant time,
    String user,
    String identity,
    String source,
    String method,
    List<Keys> keys,
    String subject,
    String result,
    String reason,
    long revision,
    String write) {
  /**
   * Method and result of a record that stands for refused calls without a user that are not
   * recorded. Its subject has their number, and its source is the one with the most.
   */
  static final String LEFT_OUT = "LEFT_OUT";

  /** Copies the list. */
  public AuditRecord {
    keys = List.copyOf(keys);
  }

  /** About how many bytes it takes in memory. */
  long bytes() {
    long bytes = 512L + 2L * (user.length() + subject.length() + reason.length());
    for (Keys each : keys) {
      bytes += 128L + each.key().size() + each.end().size();
    }
    return bytes;
  }

  /**
   * A key or a range.
   *
   * @param end as in etcd's {@code range_end}; empty for one key
   */
  public record Keys(Bytes key, Bytes end) {
    /** The most bytes of a key that are recorded; a longer one is cut. */
    public static final int BYTES_MAX = 512;

    /** Whether a key is in it. */
    public boolean contains(Bytes other) {
      if (end.isEmpty()) {
        return key.equals(other);
      }
      boolean openEnd = end.equals(Bytes.of(0));
      return key.compareTo(other) <= 0 && (openEnd || other.compareTo(end) < 0);
    }
  }
}
