package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RangeParts;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.KeyRange;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Copies keys to another cluster as etcdctl's mirror does: each revision in transactions. */
final class Mirror {
  private final EtcdCalls destination;
  private final ByteString prefix;
  private final ByteString put;
  private final int operationsMax;
  private final AtomicLong total = new AtomicLong();

  /**
   * A mirror.
   *
   * @param prefix of the keys to copy
   * @param put what the copies begin with instead
   * @param operationsMax of one transaction, at least 1
   */
  Mirror(EtcdCalls destination, ByteString prefix, ByteString put, int operationsMax) {
    this.destination = destination;
    this.prefix = prefix;
    this.put = put;
    this.operationsMax = operationsMax;
  }

  /** How many changes were copied. */
  long total() {
    return total.get();
  }

  /** Copies all keys of one revision, and returns the revision. */
  long copyBase(EtcdCalls source, Duration limit) throws RequestFailed {
    KeyRange range = KeyRange.of(prefix, null, true, false);
    RangeRequest request =
        RangeRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end()).build();
    try (RangeParts parts = new RangeParts(source, request, limit)) {
      RangeResponse part = parts.next();
      while (part != null) {
        putAll(part.getKvsList());
        part = parts.next();
      }
      return parts.header().getRevision();
    }
  }

  private void putAll(List<KeyValue> kvs) throws RequestFailed {
    List<CompletableFuture<PutResponse>> answers = new ArrayList<>();
    for (KeyValue kv : kvs) {
      answers.add(destination.put(copy(kv)));
    }
    for (CompletableFuture<PutResponse> answer : answers) {
      var _ = EtcdCalls.await(answer);
      total.incrementAndGet();
    }
  }

  /** Copies the changes of a watch's answer. */
  void copy(WatchResponse response) throws RequestFailed {
    List<RequestOp> operations = new ArrayList<>();
    long revision = 0;
    for (Event event : response.getEventsList()) {
      long own = event.getKv().getModRevision();
      if (own != revision || operations.size() == operationsMax) {
        commit(operations);
      }
      revision = own;
      operations.add(operation(event));
    }
    commit(operations);
  }

  private RequestOp operation(Event event) {
    if (event.getType() == Event.EventType.PUT) {
      return RequestOp.newBuilder().setRequestPut(copy(event.getKv())).build();
    }
    DeleteRangeRequest deletion =
        DeleteRangeRequest.newBuilder().setKey(renamed(event.getKv().getKey())).build();
    return RequestOp.newBuilder().setRequestDeleteRange(deletion).build();
  }

  private PutRequest copy(KeyValue kv) {
    return PutRequest.newBuilder().setKey(renamed(kv.getKey())).setValue(kv.getValue()).build();
  }

  private ByteString renamed(ByteString key) {
    return put.concat(key.substring(prefix.size()));
  }

  private void commit(List<RequestOp> operations) throws RequestFailed {
    if (!operations.isEmpty()) {
      TxnRequest request = TxnRequest.newBuilder().addAllSuccess(operations).build();
      var _ = EtcdCalls.await(destination.txn(request));
      total.addAndGet(operations.size());
      operations.clear();
    }
  }
}
