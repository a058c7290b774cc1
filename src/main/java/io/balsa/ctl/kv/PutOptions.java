package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.LeaseId;
import io.balsa.proto.etcdserverpb.PutRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of {@code put}, named as in etcdctl. */
final class PutOptions {
  @Parameters(index = "0", paramLabel = "KEY", converter = KeyBytes.class, description = "the key")
  ByteString key = ByteString.EMPTY;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      converter = KeyBytes.class,
      description = "its value; after -- when it begins with -")
  @Nullable ByteString value;

  @Option(names = "--prev-kv", description = "also print the previous key and value")
  boolean prevKv;

  @Option(names = "--ignore-value", description = "keep the key's present value")
  boolean ignoreValue;

  @Option(names = "--ignore-lease", description = "keep the key's present lease")
  boolean ignoreLease;

  @Option(
      names = "--lease",
      paramLabel = "ID",
      description = "the lease to attach the key to, as 'balsa lease grant' prints it")
  @Nullable String lease;

  /** Whether the value must come from standard input. */
  boolean lacksValue() {
    return value == null && !ignoreValue;
  }

  /** The request of etcd's protocol. */
  PutRequest request() {
    if (lacksValue()) {
      throw new BadInput("put: a VALUE is missing");
    }
    if (ignoreValue && value != null) {
      throw new BadInput("put: --ignore-value takes no VALUE");
    }
    return PutRequest.newBuilder()
        .setKey(key)
        .setValue(value == null ? ByteString.EMPTY : value)
        .setPrevKv(prevKv)
        .setLease(lease == null ? 0 : LeaseId.parse("--lease", lease))
        .setIgnoreValue(ignoreValue)
        .setIgnoreLease(ignoreLease)
        .build();
  }
}
