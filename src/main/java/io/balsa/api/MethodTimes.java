package io.balsa.api;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * etcd's histograms of single requests beside gRPC's own. The time is that of the whole call; etcd
 * measures some of them inside its store. The buckets are etcd's.
 */
final class MethodTimes {
  /** The label {@code type} of {@code etcd_server_request_duration_seconds}. */
  private static final Map<String, String> TYPES =
      Map.of(
          "etcdserverpb.KV/Range", "Range",
          "etcdserverpb.KV/Put", "Put",
          "etcdserverpb.KV/DeleteRange", "DeleteRange",
          "etcdserverpb.KV/Txn", "Txn",
          "etcdserverpb.KV/Compact", "Compaction",
          "etcdserverpb.Lease/LeaseGrant", "LeaseGrant",
          "etcdserverpb.Lease/LeaseRevoke", "LeaseRevoke",
          "etcdserverpb.Maintenance/Alarm", "Alarm");

  private final Histogram requests;
  private final Histogram ranges;
  private final Map<String, Histogram> others;

  MethodTimes(MetricMaker make) {
    requests =
        make.histogram(
            "etcd_server_request_duration_seconds",
            "How long requests of each type took",
            0.001,
            14,
            "type",
            "success");
    ranges =
        make.histogram(
            "etcd_server_range_duration_seconds", "How long Range took", 0.0001, 20, "success");
    others =
        Map.of(
            "etcdserverpb.Maintenance/Hash",
            make.histogram("etcd_mvcc_hash_duration_seconds", "How long Hash took", 0.01, 15),
            "etcdserverpb.Maintenance/HashKV",
            make.histogram("etcd_mvcc_hash_rev_duration_seconds", "How long HashKV took", 0.01, 15),
            "etcdserverpb.Maintenance/Snapshot",
            make.histogram(
                "etcd_disk_backend_snapshot_duration_seconds", "How long Snapshot took", 0.01, 17),
            "etcdserverpb.Maintenance/Defragment",
            make.histogram(
                "etcd_disk_backend_defrag_duration_seconds",
                "How long Defragment took, which does nothing",
                0.1,
                13));
  }

  /** The series that a call of a method adds its time to when it ends. */
  List<DistributionDataPoint> of(String fullMethodName, boolean success) {
    List<DistributionDataPoint> series = new ArrayList<>();
    String type = TYPES.get(fullMethodName);
    if (type != null) {
      series.add(requests.labelValues(type, String.valueOf(success)));
    }
    if ("Range".equals(type)) {
      series.add(ranges.labelValues(String.valueOf(success)));
    }
    Histogram own = others.get(fullMethodName);
    if (own != null && success) {
      series.add(own.labelValues());
    }
    return List.copyOf(series);
  }
}
