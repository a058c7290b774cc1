package io.balsa.api;

import io.balsa.model.Command;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/**
 * Counts what was done in the store, as etcd does: writes on every member that applies them, reads
 * on the member that serves them.
 */
final class StoreMetrics {
  private static final double MILLIS = 1e3;

  private final Counter puts;
  private final Counter deletes;
  private final Counter ranges;
  private final Counter txns;
  private final Gauge putBytes;
  private final Gauge compactedAt;
  private final Counter leasesGranted;
  private final Counter leasesRevoked;
  private final Counter leasesRenewed;
  private final Counter leasesExpired;
  private final Histogram ttls;

  StoreMetrics(MetricMaker make) {
    puts = make.counter("etcd_mvcc_put_total", "Puts that this member applied");
    deletes = make.counter("etcd_mvcc_delete_total", "Deletions that this member applied");
    ranges = make.counter("etcd_mvcc_range_total", "Ranges that this member served");
    txns =
        make.counter("etcd_mvcc_txn_total", "Transactions with several operations at this member");
    putBytes =
        make.gauge(
            "etcd_debugging_mvcc_total_put_size_in_bytes",
            "Bytes of keys and values that this member has put since its start");
    compactedAt =
        make.gauge(
            "etcd_debugging_mvcc_db_compaction_last",
            "Unix time of the last compaction; 0 after a start");
    leasesGranted = make.counter("etcd_debugging_lease_granted_total", "Leases granted");
    leasesRevoked =
        make.counter("etcd_debugging_lease_revoked_total", "Leases that were revoked or expired");
    leasesRenewed =
        make.counter(
            "etcd_debugging_lease_renewed_total", "Renewals that this server answered its clients");
    leasesExpired =
        make.counter(
            "etcd_debugging_server_lease_expired_total", "Leases that expired under this leader");
    ttls = make.histogram("etcd_debugging_lease_ttl_total", "The TTLs of leases in s", 1, 24);
  }

  /**
   * Counts an applied command.
   *
   * @param leads whether this server leads
   */
  void applied(Command command, Result result, boolean leads) {
    if (result instanceof Result.Refused) {
      return;
    }
    switch (command) {
      case Command.Put put -> put(put);
      case Command.DeleteRange _ -> deletes.inc();
      case Command.Txn txn -> {
        if (txn(txn, result) > 1) {
          txns.inc();
        }
      }
      case Command.LeaseGrant grant -> {
        leasesGranted.inc();
        ttls.observe(grant.ttl());
      }
      case Command.LeaseRevoke _ -> leasesRevoked.inc();
      case Command.LeaseExpire _ -> {
        leasesRevoked.inc();
        leasesExpired.inc(leads ? 1 : 0);
      }
      case Command.Compact _ -> compactedAt.set(System.currentTimeMillis() / MILLIS);
      default -> {}
    }
  }

  private void put(Command.Put put) {
    puts.inc();
    putBytes.inc(put.key().size() + (double) put.value().size());
  }

  /** Counts the operations that a transaction did, and returns their number. */
  private long txn(Command.Txn txn, Result result) {
    if (!(result instanceof Result.Txn done)) {
      return 0;
    }
    List<Command.Op> ops = done.succeeded() ? txn.success() : txn.failure();
    long count = 0;
    for (int i = 0; i < ops.size() && i < done.responses().size(); i++) {
      count += op(ops.get(i), done.responses().get(i));
    }
    return count;
  }

  private long op(Command.Op op, Result result) {
    switch (op) {
      case Command.Put put -> put(put);
      case Command.DeleteRange _ -> deletes.inc();
      case Range _ -> ranges.inc();
      case Command.Txn txn -> {
        return txn(txn, result);
      }
    }
    return 1;
  }

  /** Counts reads that are not in the log. */
  void read(int ranges) {
    this.ranges.inc(ranges);
    if (ranges > 1) {
      txns.inc();
    }
  }

  void leaseRenewed() {
    leasesRenewed.inc();
  }
}
