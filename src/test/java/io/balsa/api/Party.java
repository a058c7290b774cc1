package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.v3electionpb.CampaignResponse;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3lockpb.LockResponse;
import io.balsa.proto.v3lockpb.UnlockRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One of the compared servers: etcd or Balsa. Its answers are without what may differ. */
final class Party implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final ManagedChannel channel;
  private final HttpClient http;
  private final URI uri;
  private final Map<Integer, OpenCall> open = new TreeMap<>();
  private final HeldTokens tokens = new HeldTokens();

  /** That of the present step; empty for none. */
  private String token = "";

  /** The token in the last answer. */
  private String given = "";

  Party(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    uri = URI.create("http://127.0.0.1:" + port + "/v3/");
  }

  /** The answer as one line of text; empty if it comes later. */
  String ask(Step step) {
    return switch (step) {
      case Step.Call call -> askOnce(call);
      case Step.Typed typed -> typed(typed);
      case Step.Expire expire -> expire(expire);
      case Step.Brief brief -> brief(brief);
      case Step.As as -> as(as.who(), () -> askOnce(as.call()));
      case Step.Login login -> login(login);
      case Step.Look look -> as(look.who(), () -> look(look.request()));
      case Step.Open opening -> {
        leave(opening.handle());
        OpenCall call = OpenCall.open(channel, http, uri, opening);
        open.put(opening.handle(), call);
        call.settle(this::has);
        yield "";
      }
      case Step.Say say -> {
        OpenCall call = open.get(say.handle());
        if (call != null) {
          call.say(say.request());
        }
        yield "";
      }
      case Step.Leave leave -> {
        leave(leave.handle());
        yield "";
      }
    };
  }

  private String askOnce(Step.Call call) {
    return call.json() ? askJson(call) : askGrpc(call);
  }

  private String as(String who, Supplier<String> asks) {
    token = tokens.of(who);
    String answer = asks.get();
    token = "";
    return answer;
  }

  private String login(Step.Login login) {
    given = "";
    String answer = askOnce(new Step.Call(login.json(), Rpc.AUTHENTICATE, login.request()));
    if (!given.isEmpty()) {
      tokens.keep(login.request().getName(), given);
    }
    return answer;
  }

  private void note(Message answer) {
    if (answer instanceof AuthenticateResponse login) {
      given = login.getToken();
    }
  }

  /** What a watch stream is told until the watch is created or refused. */
  private String look(WatchRequest request) {
    OpenCall look =
        OpenCall.open(asking(), http, uri, new Step.Open(0, false, Rpc.WATCH, List.of(request)));
    look.settle(_ -> false);
    String told = look.told().lines().toString();
    look.end();
    return told;
  }

  /** The channel, with the token of the present step. */
  private Channel asking() {
    return HeldTokens.with(token, channel);
  }

  private void leave(int handle) {
    OpenCall call = open.remove(handle);
    if (call != null) {
      call.leave(this::has);
    }
  }

  /** The messages on the open calls. */
  Map<Integer, StreamTranscript> told() {
    Map<Integer, StreamTranscript> told = new TreeMap<>();
    open.forEach((handle, call) -> told.put(handle, call.told()));
    return told;
  }

  private String askGrpc(Step.Call call) {
    try {
      StringBuilder answers = new StringBuilder("ok");
      for (Message response : responses(call)) {
        note(response);
        answers.append(' ').append(Step.text(Anonymous.message(response)));
      }
      return answers.toString();
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return status.getCode() + " " + status.getDescription();
    }
  }

  private List<Message> responses(Step.Call call) {
    if (call.rpc() == Rpc.RANGE_STREAM) {
      return List.of(merged(call));
    }
    if (!call.rpc().streams()) {
      return List.of(
          ClientCalls.blockingUnaryCall(asking(), call.rpc().method, options(), call.request()));
    }
    BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    StreamObserver<Message> requests =
        ClientCalls.asyncBidiStreamingCall(
            asking().newCall(call.rpc().method, options()), OpenCall.collecting(answers));
    try {
      requests.onNext(call.request());
      Object answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer instanceof Throwable failure) {
        throw Status.fromThrowable(failure).asRuntimeException();
      }
      requests.onCompleted();
      return answer == null ? List.of() : List.of((Message) answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** The parts of a range make one answer, because their sizes may differ. */
  private Message merged(Step.Call call) {
    RangeResponse.Builder whole = RangeResponse.newBuilder();
    ClientCalls.blockingServerStreamingCall(asking(), call.rpc().method, options(), call.request())
        .forEachRemaining(part -> whole.mergeFrom(((RangeStreamResponse) part).getRangeResponse()));
    return whole.build();
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private String askJson(Step.Call call) {
    HttpResponse<String> response;
    try {
      response = send("POST", call.rpc().path, JsonFormat.printer().print(call.request()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request prints as JSON", e);
    } catch (IOException e) {
      return "broken " + e;
    }
    if (call.rpc() == Rpc.AUTHENTICATE && response.statusCode() == 200) {
      note(Anonymous.parse(call.rpc(), response.body()));
    }
    return Anonymous.status(response) + Anonymous.json(call.rpc(), response.body());
  }

  private HttpResponse<String> send(String method, String path, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(java.time.Duration.ofSeconds(PATIENCE_SECONDS));
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private String typed(Step.Typed typed) {
    try {
      HttpResponse<String> response = send(typed.method(), typed.path(), typed.body());
      boolean etcds = response.body().contains("etcdserver");
      return switch (response.statusCode()) {
        case 404 -> etcds ? Anonymous.typed(response.body().strip()) : "no such path";
        case 405, 501 -> "no such method";
        default -> Anonymous.status(response) + Anonymous.typed(response.body().strip());
      };
    } catch (IOException e) {
      return "broken " + e;
    }
  }

  private Message call(Rpc rpc, Message request) {
    return ClientCalls.blockingUnaryCall(channel, rpc.method, options(), request);
  }

  private String brief(Step.Brief brief) {
    try {
      return switch (call(brief.rpc(), brief.request())) {
        case LeaseGrantResponse granted -> {
          call(Rpc.REVOKE, LeaseRevokeRequest.newBuilder().setID(granted.getID()).build());
          yield "granted " + granted.getTTL() + (granted.getID() > 0 ? "" : " with a bad id");
        }
        case LockResponse held -> {
          call(Rpc.UNLOCK, UnlockRequest.newBuilder().setKey(held.getKey()).build());
          yield "locked " + Anonymous.key(held.getKey());
        }
        case CampaignResponse won -> {
          call(Rpc.RESIGN, ResignRequest.newBuilder().setLeader(won.getLeader()).build());
          yield "won " + won.getLeader().getRev() + Anonymous.key(won.getLeader().getKey());
        }
        case Message other -> throw new IllegalStateException("nothing to give back: " + other);
      };
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() + " " + e.getStatus().getDescription();
    }
  }

  private String expire(Step.Expire expire) {
    Rpc time = Rpc.TIME_TO_LIVE;
    Message question = LeaseTimeToLiveRequest.newBuilder().setID(expire.lease()).build();
    StringBuilder story = new StringBuilder();
    story.append(askGrpc(new Step.Call(false, Rpc.GRANT, shortest(expire.lease()))));
    for (String key : expire.keys()) {
      PutRequest put =
          PutRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8(key))
              .setLease(expire.lease())
              .build();
      story.append('\n').append(askGrpc(new Step.Call(false, Rpc.PUT, put)));
    }
    String last = "";
    for (long end = System.nanoTime() + 15_000_000_000L; System.nanoTime() < end; ) {
      last = askGrpc(new Step.Call(false, time, question));
      if (last.contains("TTL: -1")) {
        break;
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    return story.append('\n').append(last).toString();
  }

  private static LeaseGrantRequest shortest(long lease) {
    return LeaseGrantRequest.newBuilder().setID(lease).setTTL(1).build();
  }

  /** Whether this call's key in the queue is deleted. */
  boolean hasLost(int handle) {
    OpenCall call = open.get(handle);
    return call != null && call.told().over() && !has(call.own());
  }

  long revision() {
    return range(ByteString.copyFrom(new byte[1])).getHeader().getRevision();
  }

  private RangeResponse range(ByteString key) {
    RangeRequest range = RangeRequest.newBuilder().setKey(key).setCountOnly(true).build();
    return (RangeResponse) call(Rpc.RANGE, range);
  }

  private boolean has(ByteString key) {
    return range(key).getCount() > 0;
  }

  @Override
  public void close() {
    open.values().forEach(OpenCall::end);
    http.shutdownNow();
    channel.shutdownNow();
  }
}
