package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Engine;
import io.balsa.model.Lease;
import org.jspecify.annotations.Nullable;

/** The leases in a view of the ordered store, and the keys that are attached to them. */
public final class LeaseRows {
  private LeaseRows() {}

  public static Bytes encode(Lease lease) {
    return new ByteWriter(24)
        .varint(lease.ttl())
        .varint(lease.grant())
        .varint(lease.deadline())
        .done();
  }

  public static Lease decode(long id, Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    return new Lease(id, in.varint(), in.varint(), in.varint());
  }

  public static @Nullable Lease lease(@Nullable Bytes row, long id) {
    return row == null ? null : decode(id, row);
  }

  /** A way through all leases, in ascending unsigned order of their ids. */
  public static Walk walk(Engine.View view) {
    return new Walk(view, Layout.leasesStart(), Layout.leasesEnd());
  }

  /** A way through the keys that hang on a lease, in their order. */
  public static Walk walk(Engine.View view, long lease) {
    return new Walk(view, Layout.attached(lease, Bytes.EMPTY), Layout.attachedEnd(lease));
  }

  /** How many leases there are; goes over all of them. */
  public static long count(Engine.View view) {
    long count = 0;
    try (Engine.Cursor rows = view.scan(Layout.leasesStart(), Layout.leasesEnd())) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }
}
