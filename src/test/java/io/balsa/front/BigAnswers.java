package io.balsa.front;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.balsa.budget.Share;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;

/** Answers a range with as many bytes as its limit, when it has room for them. */
final class BigAnswers extends KVGrpc.KVImplBase {
  private final ExecutorService lane;

  /**
   * @param lane makes the answers
   */
  BigAnswers(ExecutorService lane) {
    this.lane = lane;
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
    Share share = Share.current();
    ((ServerCallStreamObserver<RangeResponse>) observer).setOnCancelHandler(() -> {});
    share.take(request.getLimit(), got -> lane.execute(() -> answer(request, observer, got)));
  }

  private static void answer(
      RangeRequest request, StreamObserver<RangeResponse> observer, boolean got) {
    if (got) {
      observer.onNext(response((int) request.getLimit()));
      observer.onCompleted();
    } else {
      observer.onError(Status.RESOURCE_EXHAUSTED.withDescription("no room").asException());
    }
  }

  private static RangeResponse response(int bytes) {
    ByteString value = UnsafeByteOperations.unsafeWrap(new byte[bytes]);
    return RangeResponse.newBuilder().addKvs(KeyValue.newBuilder().setValue(value)).build();
  }

  /** An endless stream of messages with the size of the limit. */
  @Override
  public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> observer) {
    var stream = (ServerCallStreamObserver<RangeStreamResponse>) observer;
    stream.setOnCancelHandler(() -> {});
    stream.setOnReadyHandler(
        () -> {
          while (stream.isReady()) {
            stream.onNext(
                RangeStreamResponse.newBuilder()
                    .setRangeResponse(response((int) request.getLimit()))
                    .build());
          }
        });
  }
}
