package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3lockpb.LockRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An open stream, or a call that waits for its answer, at one server. */
final class OpenCall {
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long SILENCE_MILLIS = 40;
  private static final Pattern LINE = Pattern.compile("\\{\"(result|error)\":(.*)\\}");

  private final Step.Open step;
  private final StreamTranscript told;
  private final @Nullable StreamObserver<Message> requests;
  private final Runnable cancel;

  private OpenCall(
      Step.Open step,
      StreamTranscript told,
      @Nullable StreamObserver<Message> requests,
      Runnable cancel) {
    this.step = step;
    this.told = told;
    this.requests = requests;
    this.cancel = cancel;
  }

  static OpenCall open(Channel channel, HttpClient http, URI uri, Step.Open step) {
    return step.json() ? json(http, uri, step) : grpc(channel, step);
  }

  private static OpenCall grpc(Channel channel, Step.Open step) {
    StreamTranscript told = new StreamTranscript(step.rpc());
    ClientCall<Message, Message> call = channel.newCall(step.rpc().method, CallOptions.DEFAULT);
    StreamObserver<Message> answers = observer(told);
    StreamObserver<Message> requests = null;
    switch (step.rpc().method.getType()) {
      case UNARY -> ClientCalls.asyncUnaryCall(call, step.requests().getFirst(), answers);
      case SERVER_STREAMING ->
          ClientCalls.asyncServerStreamingCall(call, step.requests().getFirst(), answers);
      case BIDI_STREAMING, CLIENT_STREAMING, UNKNOWN ->
          requests = ClientCalls.asyncBidiStreamingCall(call, answers);
    }
    OpenCall opened =
        new OpenCall(step, told, requests, () -> call.cancel("the client left", null));
    if (requests != null) {
      step.requests().forEach(opened::say);
    }
    return opened;
  }

  private static StreamObserver<Message> observer(StreamTranscript told) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Message answer) {
        told.answer(answer);
      }

      @Override
      public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        told.end(status.getCode() + " " + status.getDescription());
      }

      @Override
      public void onCompleted() {
        told.end("completed");
      }
    };
  }

  static <T> StreamObserver<T> into(Consumer<T> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        answers.accept(answer);
      }

      @Override
      public void onError(Throwable failure) {
        // the missing answer shows it
      }

      @Override
      public void onCompleted() {
        // the answers have come
      }
    };
  }

  /** Collects the answers, and the failure if there is one. */
  static StreamObserver<Message> collecting(Queue<Object> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Message answer) {
        answers.add(answer);
      }

      @Override
      public void onError(Throwable failure) {
        answers.add(failure);
      }

      @Override
      public void onCompleted() {
        // the answers have come
      }
    };
  }

  private static OpenCall json(HttpClient http, URI uri, Step.Open step) {
    StreamTranscript told = new StreamTranscript(step.rpc());
    StringBuilder body = new StringBuilder();
    try {
      for (Message request : step.requests()) {
        body.append(JsonFormat.printer().print(request)).append('\n');
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request prints as JSON", e);
    }
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve(step.rpc().path))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    var answered =
        http.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(lines(step, told)));
    return new OpenCall(step, told, null, () -> answered.cancel(true));
  }

  private static Flow.Subscriber<String> lines(Step.Open step, StreamTranscript told) {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(String spaced) {
        String line = Anonymous.withoutSpaces(spaced);
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && matcher.group(1).equals("result")) {
          told.answer(Anonymous.parse(step.rpc(), matcher.group(2)));
        } else if (line.contains("\"code\":") || line.contains("\"grpc_code\":")) {
          told.end(Anonymous.failure(line));
        } else {
          told.answer(Anonymous.parse(step.rpc(), line));
        }
      }

      @Override
      public void onError(Throwable failure) {
        told.end("broken");
      }

      @Override
      public void onComplete() {
        told.end("completed");
      }
    };
  }

  StreamTranscript told() {
    return told;
  }

  void say(Message request) {
    if (requests == null || told.over()) {
      return;
    }
    int before = told.size();
    int created = told.created();
    boolean answered = !(request instanceof WatchRequest watch) || answered(watch);
    requests.onNext(request);
    if (request instanceof WatchRequest watch && watch.hasCreateRequest()) {
      told.await(() -> told.created() > created || told.over(), PATIENCE_MILLIS);
    } else {
      told.await(() -> told.size() > before, answered ? PATIENCE_MILLIS : SILENCE_MILLIS);
    }
  }

  private boolean answered(WatchRequest watch) {
    return !watch.hasCancelRequest() || told.watches(watch.getCancelRequest().getWatchId());
  }

  /** Waits until the server has done everything before its own wait. */
  void settle(Predicate<ByteString> has) {
    switch (step.rpc()) {
      case LOCK, CAMPAIGN -> told.await(() -> told.over() || has.test(own()), PATIENCE_MILLIS);
      case WATCH -> told.await(() -> told.over() || told.created() >= creates(), PATIENCE_MILLIS);
      default -> {}
    }
    if (step.rpc() != Rpc.WATCH) {
      told.await(told::over, SILENCE_MILLIS);
    }
  }

  private long creates() {
    return step.requests().stream()
        .filter(request -> ((WatchRequest) request).hasCreateRequest())
        .count();
  }

  /** The key in the queue. */
  ByteString own() {
    return switch (step.requests().getFirst()) {
      case LockRequest lock -> key(lock.getName(), lock.getLease());
      case CampaignRequest campaign -> key(campaign.getName(), campaign.getLease());
      default -> throw new IllegalStateException("neither a lock nor a campaign");
    };
  }

  private static ByteString key(ByteString name, long lease) {
    return name.concat(ByteString.copyFromUtf8("/" + Long.toHexString(lease)));
  }

  /** Cancels the call, and waits until its key is deleted. */
  void leave(Predicate<ByteString> has) {
    boolean waited = !told.over();
    cancel.run();
    if (waited && (step.rpc() == Rpc.LOCK || step.rpc() == Rpc.CAMPAIGN)) {
      told.await(() -> false, SILENCE_MILLIS);
      new StreamTranscript(step.rpc()).await(() -> !has.test(own()), PATIENCE_MILLIS);
    }
  }

  void end() {
    cancel.run();
  }
}
