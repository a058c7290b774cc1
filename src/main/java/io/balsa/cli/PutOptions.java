package io.balsa.cli;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.PutRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code put} asks for, in etcdctl's words. */
final class PutOptions {
  @Parameters(index = "0", paramLabel = "KEY", description = "the key")
  String key = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "its value")
  @Nullable String value;

  @Option(names = "--prev-kv", description = "give what was there before")
  boolean prevKv;

  @Option(names = "--ignore-value", description = "keep the value that is there")
  boolean ignoreValue;

  @Option(names = "--ignore-lease", description = "keep the lease that is there")
  boolean ignoreLease;

  @Option(
      names = "--lease",
      paramLabel = "ID",
      description = "the lease that the key hangs on, as 'balsa lease grant' prints it")
  @Nullable String lease;

  /** Whether the value is neither given nor to be kept. */
  boolean lacksValue() {
    return value == null && !ignoreValue;
  }

  /** The request of etcd's protocol. */
  PutRequest request() {
    if (lacksValue()) {
      throw new BadInput("put " + key + ": a VALUE is missing");
    }
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value == null ? "" : value))
        .setPrevKv(prevKv)
        .setLease(lease == null ? 0 : LeaseId.parse("--lease", lease))
        .setIgnoreValue(ignoreValue)
        .setIgnoreLease(ignoreLease)
        .build();
  }
}
