package io.balsa.ctl.kv;

import io.balsa.ctl.KeyRange;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code del}, named as in etcdctl. */
final class DeleteOptions {
  @Mixin KeyRangeOptions keys = new KeyRangeOptions();

  @Option(names = "--prev-kv", description = "also print the deleted keys and values")
  boolean prevKv;

  /** The request of etcd's protocol. */
  DeleteRangeRequest request() {
    KeyRange range = keys.range();
    return DeleteRangeRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setPrevKv(prevKv)
        .build();
  }
}
