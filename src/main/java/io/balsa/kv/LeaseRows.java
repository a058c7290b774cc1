package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import java.util.ArrayList;
import java.util.List;
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

  /** All leases, in ascending unsigned order of their ids. */
  static List<Lease> all(Engine.View view) {
    List<Lease> leases = new ArrayList<>();
    try (Engine.Cursor rows = view.scan(Layout.leasesStart(), Layout.leasesEnd())) {
      while (rows.next()) {
        leases.add(decode(Layout.leaseOf(rows.key()), rows.value()));
      }
    }
    return leases;
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

  /** The keys that hang on a lease, in their order. */
  static List<Bytes> attached(ViewKeyspace keyspace, long lease) {
    List<Bytes> keys = new ArrayList<>();
    try (Engine.Cursor rows =
        keyspace.view().scan(Layout.attached(lease, Bytes.EMPTY), Layout.attachedEnd(lease))) {
      while (rows.next()) {
        Bytes key = Layout.keyOfAttached(rows.key());
        if (keyspace.tombstones().isEmpty() || keyspace.newest(key) != null) {
          keys.add(key);
        }
      }
    }
    return keys;
  }
}
