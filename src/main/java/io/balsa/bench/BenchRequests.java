package io.balsa.bench;

import com.google.protobuf.ByteString;
import io.balsa.bench.Bench.Plan;
import io.balsa.client.EtcdCalls;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** The requests of a bench. */
final class BenchRequests {
  private static final int READS_PER_WRITE = 9;

  private final Plan plan;
  private final ByteString value;

  BenchRequests(Plan plan) {
    this.plan = plan;
    this.value = Bench.value(plan.valueBytes());
  }

  /** Sends a request of the plan's kind, with a random key. */
  CompletableFuture<?> ask(EtcdCalls calls) {
    int key = ThreadLocalRandom.current().nextInt(plan.keys());
    return switch (plan.kind()) {
      case PUT -> calls.put(put(key));
      case GET -> calls.range(get(key, false));
      case GET_SERIALIZABLE -> calls.range(get(key, true));
      case MIXED ->
          ThreadLocalRandom.current().nextInt(READS_PER_WRITE + 1) == 0
              ? calls.put(put(key))
              : calls.range(get(key, false));
      case TXN -> calls.txn(txn(key));
    };
  }

  PutRequest put(int key) {
    return PutRequest.newBuilder().setKey(key(key)).setValue(value).build();
  }

  private static RangeRequest get(int key, boolean serializable) {
    return RangeRequest.newBuilder().setKey(key(key)).setSerializable(serializable).build();
  }

  private TxnRequest txn(int key) {
    return TxnRequest.newBuilder()
        .addCompare(
            Compare.newBuilder()
                .setKey(key(key))
                .setTarget(Compare.CompareTarget.VERSION)
                .setResult(Compare.CompareResult.GREATER)
                .setVersion(0))
        .addSuccess(RequestOp.newBuilder().setRequestPut(put(key)))
        .addSuccess(RequestOp.newBuilder().setRequestRange(get(key, false)))
        .build();
  }

  private static ByteString key(int number) {
    return ByteString.copyFromUtf8(String.format(Locale.ROOT, "bench/%08d", number));
  }
}
