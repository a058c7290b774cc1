package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/** The leases in a view of the ordered store, and the keys that hang on them. */
final class LeaseRows {
  private LeaseRows() {}

  static Bytes encode(Lease lease) {
    return new Encoder(24)
        .number(lease.ttl())
        .number(lease.grant())
        .number(lease.deadline())
        .done();
  }

  static Lease decode(long id, Bytes row) {
    Decoder in = new Decoder(row);
    return new Lease(id, in.number(), in.number(), in.number());
  }

  static @Nullable Lease lease(@Nullable Bytes row, long id) {
    return row == null ? null : decode(id, row);
  }

  /** A way through all leases, in ascending unsigned order of their ids. */
  static Walk walk(Engine.View view) {
    return new Walk(view, Layout.leasesStart(), Layout.leasesEnd());
  }

  /** A way through the keys that hang on a lease, in their order. */
  static Walk walk(Engine.View view, long lease) {
    return new Walk(view, Layout.attached(lease, Bytes.EMPTY), Layout.attachedEnd(lease));
  }

  /** How many leases there are; goes over all of them. */
  static long count(Engine.View view) {
    long count = 0;
    try (Engine.Cursor rows = view.scan(Layout.leasesStart(), Layout.leasesEnd())) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }
}
