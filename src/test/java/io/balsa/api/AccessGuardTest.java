package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.audit.AuditLog;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What guards the client port whatever a client sends: unknown methods, paths and bytes. */
@SharesCores
@Timeout(60)
class AccessGuardTest {
  private static AccessBench bench;

  @BeforeAll
  static void start() throws Exception {
    bench = new AccessBench();
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new AsBytes())
        .setResponseMarshaller(new AsBytes())
        .build();
  }

  private record AsBytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Metadata token(AccessWho who) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), bench.token(who));
    return metadata;
  }

  private static Status call(io.grpc.Channel channel, String name, byte[] request) {
    try {
      var _ =
          ClientCalls.blockingUnaryCall(
              channel,
              method(name),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              request);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  /** An RPC that nobody has given a right is refused to all, whether users are in force or not. */
  @Test
  void sec01AnRpcWithoutARightIsRefused() throws Exception {
    AtomicInteger served = new AtomicInteger();
    MethodDescriptor<byte[], byte[]> forgotten = method("etcdserverpb.KV/Forgotten");
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("etcdserverpb.KV")
            .addMethod(
                forgotten,
                ServerCalls.asyncUnaryCall(
                    (request, observer) -> {
                      served.incrementAndGet();
                      observer.onNext(request);
                      observer.onCompleted();
                    }))
            .build();
    try (OneServer without = OneServer.start()) {
      for (OneServer each : List.of(without, bench.one)) {
        try (Access access =
            Access.open(
                each.node,
                Access.Settings.DEFAULT,
                _ -> "root",
                AuditLog.open(AuditLog.Settings.OFF))) {
          Server server =
              NettyServerBuilder.forAddress(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                  .addService(ServerInterceptors.intercept(service, access.gate()))
                  .build()
                  .start();
          var channel =
              NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
          Status status = call(channel, forgotten.getFullMethodName(), new byte[0]);
          assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
          channel.shutdownNow();
          server.shutdownNow();
        }
      }
    }
    assertThat(served).hasValue(0);
  }

  /** CVE-2026-33186: a path that only looks like that of an RPC reaches no RPC. */
  @Test
  void sec20APathThatOnlyLooksLikeAnRpcReachesNothing() {
    byte[] put =
        PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("m/path")).build().toByteArray();
    Metadata root = token(AccessWho.ROOT);
    var asRoot =
        io.grpc.ClientInterceptors.intercept(
            bench.channel, MetadataUtils.newAttachHeadersInterceptor(root));
    for (String path :
        List.of(
            "/etcdserverpb.KV/Put",
            "etcdserverpb.KV/Put/",
            "ETCDSERVERPB.KV/Put",
            "etcdserverpb.KV/put",
            "etcdserverpb.KV//Put",
            "etcdserverpb.KV/Put?x",
            "etcdserverpb.KV/%50ut",
            "x/../etcdserverpb.KV/Put",
            "etcdserverpb.KV",
            "")) {
      for (var channel : List.of(bench.channel, asRoot)) {
        Status status = call(channel, path, put);
        assertThat(status.getCode()).as(path).isEqualTo(Status.Code.UNIMPLEMENTED);
      }
    }
    RangeRequest read = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("m/path")).build();
    KVGrpc.KVBlockingStub kv = bench.asRoot(KVGrpc.newBlockingStub(bench.channel));
    assertThat(kv.range(read).getCount()).isZero();
    assertThat(call(asRoot, "etcdserverpb.KV/Put", put).isOk()).isTrue();
    assertThat(kv.range(read).getCount()).isEqualTo(1);
  }

  /** Arbitrary bytes to every RPC of Auth: no uncaught error, and the server answers after it. */
  @Test
  void sec16AuthTakesArbitraryBytes() throws Exception {
    List<String> broken = new ArrayList<>();
    Semaphore open = new Semaphore(100);
    byte[] valid =
        AuthUserAddRequest.newBuilder().setName("n").setPassword("p").build().toByteArray();
    List<AccessWho> callers =
        List.of(AccessWho.BAD_TOKEN, AccessWho.NO_RIGHTS, AccessWho.READER, AccessWho.ROOT);
    Random dice = new Random(1);
    for (int seed = 0; seed < 3_000; seed++) {
      AccessWho who = callers.get(seed % callers.size());
      var methods = List.copyOf(AuthGrpc.getServiceDescriptor().getMethods());
      String name = methods.get(dice.nextInt(methods.size())).getFullMethodName();
      boolean disables = name.endsWith("AuthDisable") && who == AccessWho.ROOT;
      if (disables || (name.endsWith("ChangePassword") && who == AccessWho.ROOT)) {
        continue; // it may succeed, and end the tokens of this test
      }
      open.acquire();
      ClientCalls.asyncUnaryCall(
          io.grpc.ClientInterceptors.intercept(
                  bench.channel, MetadataUtils.newAttachHeadersInterceptor(token(who)))
              .newCall(method(name), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
          bytes(valid, dice),
          new Ended(open, status -> note(status, name, broken)));
    }
    assertThat(open.tryAcquire(100, 30, TimeUnit.SECONDS)).isTrue();
    assertThat(broken).isEmpty();
    bench.put("m/after", 0);
  }

  /** bcrypt costs much: who may not add users does not make the server hash passwords. */
  @Test
  void sec11NobodyMakesTheServerHashPasswords() throws Exception {
    List<String> answers = new ArrayList<>();
    Semaphore open = new Semaphore(300);
    byte[] add =
        AuthUserAddRequest.newBuilder().setName("n").setPassword("p").build().toByteArray();
    for (int i = 0; i < 300; i++) {
      open.acquire();
      ClientCalls.asyncUnaryCall(
          bench.channel.newCall(
              method(AuthGrpc.getUserAddMethod().getFullMethodName()), CallOptions.DEFAULT),
          add,
          new Ended(
              open,
              status -> {
                synchronized (answers) {
                  answers.add(String.valueOf(status.getDescription()));
                }
              }));
    }
    assertThat(open.tryAcquire(300, 30, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).hasSize(300).containsOnly("etcdserver: user name is empty");
  }

  private static byte[] bytes(byte[] valid, Random dice) {
    byte[] bytes = dice.nextBoolean() ? valid.clone() : new byte[dice.nextInt(40)];
    if (bytes.length > 0 && bytes.length != valid.length) {
      dice.nextBytes(bytes);
    } else if (bytes.length > 0) {
      bytes[dice.nextInt(bytes.length)] = (byte) dice.nextInt();
    }
    return bytes;
  }

  /** gRPC answers so when a service throws; a message that is no protobuf gets CANCELLED. */
  private static void note(Status status, String name, List<String> broken) {
    String text = String.valueOf(status.getDescription());
    if (text.contains("Application error") || status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      synchronized (broken) {
        broken.add(name + ": " + status);
      }
    }
  }

  /** The end of a call. */
  private record Ended(Semaphore open, java.util.function.Consumer<Status> done)
      implements io.grpc.stub.StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onError(Throwable failure) {
      done.accept(Status.fromThrowable(failure));
      open.release();
    }

    @Override
    public void onCompleted() {
      open.release();
    }
  }

  /** A path of the JSON gateway, and what its request needs. */
  private record Page(String path, String body, AccessNeed need) {}

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static List<Page> pages() {
    String inner = "{\"key\":\"" + base64("m1") + "\"}";
    String lease = "{\"TTL\":60,\"keys\":true}";
    String txn =
        "{\"success\":[{\"requestTxn\":{\"failure\":[{\"requestRange\":{\"key\":\"%s\"}}]}}]}"
            .formatted(base64("z1"));
    String name = "{\"name\":\"" + base64("z/lock") + "\"}";
    String election = "{\"name\":\"" + base64("z/election") + "\"}";
    return List.of(
        new Page("kv/put", inner, AccessNeed.WRITE),
        new Page("kv/range", inner, AccessNeed.READ),
        new Page("kv/txn", txn, AccessNeed.OTHER_KEYS),
        new Page("kv/compaction", "{}", AccessNeed.ROOT),
        new Page("lease/grant", lease, AccessNeed.LOGIN),
        new Page("cluster/member/list", "{}", AccessNeed.LOGIN),
        new Page("maintenance/status", "{}", AccessNeed.LOGIN),
        new Page("maintenance/hash", "{}", AccessNeed.ROOT),
        new Page("auth/user/list", "{}", AccessNeed.ROOT),
        new Page("auth/status", "{}", AccessNeed.NO_BAD_TOKEN),
        new Page("lock/lock", name, AccessNeed.OTHER_KEYS),
        new Page("election/campaign", election, AccessNeed.OTHER_KEYS));
  }

  @Test
  void sec01TheJsonGatewayGivesTheSameVerdicts() throws Exception {
    String watch = "{\"create_request\":{\"key\":\"" + base64("z1") + "\"}}";
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (AccessWho who : AccessWho.values()) {
        for (Page page : pages()) {
          String body = post(http, page.path(), page.body(), who);
          String verdict = page.need().verdict(who);
          String text = verdict.equals(AccessNeed.OK) ? "" : verdict.split(" ", 2)[1];
          assertThat(
                  body.contains("etcdserver: user name is empty")
                      || body.contains("etcdserver: invalid auth token")
                      || body.contains("etcdserver: permission denied"))
              .as(page + " of " + who + ": " + body)
              .isEqualTo(!text.isEmpty());
          assertThat(body).as(page + " of " + who).contains(text);
        }
        if (who != AccessWho.ROOT) { // root's watch never ends
          assertThat(post(http, "watch", watch, who)).contains("etcdserver: ");
        }
      }
    }
  }

  private static String post(HttpClient http, String path, String body, AccessWho who)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bench.one.port() + "/v3/" + path))
            .timeout(java.time.Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!bench.token(who).isEmpty()) {
      request.header("Authorization", bench.token(who));
    }
    return path.equals("watch")
        ? firstLine(http, request.build())
        : http.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** The stream of a watch stays open after its first line. */
  private static String firstLine(HttpClient http, HttpRequest request) throws Exception {
    try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
      return lines.findFirst().orElse("");
    }
  }
}
