package io.balsa.cli;

import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code del} asks for, in etcdctl's words. */
final class DeleteOptions {
  @Mixin KeyRangeOptions keys = new KeyRangeOptions();

  @Option(names = "--prev-kv", description = "give what was there before")
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
