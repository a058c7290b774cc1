package io.balsa.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.access.Access;
import io.balsa.auth.User;
import io.balsa.logging.LogWatch;
import io.balsa.login.TokenScheme;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server with users writes and says, and what guessing passwords costs it. */
@Timeout(60)
class SecretsTest {
  private static final String OLD = "first-horse-battery";
  private static final String NEW = "second-horse-battery";
  private static final String WRONG = "wrong-horse-battery";

  private final Logger logger = Logger.getLogger("io.balsa");
  private OneServer one;
  private ManagedChannel channel;
  private AuthGrpc.AuthBlockingStub auth;

  @BeforeEach
  void start() {
    logger.setLevel(Level.ALL);
    one = OneServer.start(Access.Settings.of(new TokenScheme.Simple(Duration.ofMinutes(5)), 4));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    auth = AuthGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    one.close();
    logger.setLevel(null);
  }

  private void enable() {
    auth.userAdd(AuthUserAddRequest.newBuilder().setName("root").setPassword(OLD).build());
    auth.userGrantRole(
        AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
    auth.authEnable(AuthEnableRequest.getDefaultInstance());
  }

  private String login(String password) {
    return auth.authenticate(
            AuthenticateRequest.newBuilder().setName("root").setPassword(password).build())
        .getToken();
  }

  private static <S extends AbstractStub<S>> S with(S stub, String token) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /** CVE-2021-28235: no password, no token and no hash leaves the place where it belongs. */
  @Test
  void sec06NoSecretIsWrittenOrSaid() throws Exception {
    List<String> secrets = new ArrayList<>(List.of(OLD, NEW, WRONG));
    List<String> said = new ArrayList<>();
    try (LogWatch log = new LogWatch("io.balsa")) {
      enable();
      String hash = hash();
      String token = login(OLD);
      var asRoot = with(AuthGrpc.newBlockingStub(channel), token);
      AuthUserChangePasswordRequest change =
          AuthUserChangePasswordRequest.newBuilder().setName("root").setPassword(NEW).build();
      said.add(asRoot.userGet(AuthUserGetRequest.newBuilder().setName("root").build()).toString());
      said.add(asRoot.userChangePassword(change).toString());
      said.add(refusal(() -> login(WRONG)));
      said.add(refusal(() -> login(OLD)));
      PutRequest put = PutRequest.newBuilder().setKey(AccessBench.utf8("k")).build();
      said.add(refusal(() -> with(KVGrpc.newBlockingStub(channel), token).put(put)));
      String fresh = login(NEW);
      secrets.add(token.substring(0, token.indexOf('.')));
      secrets.add(fresh.substring(0, fresh.indexOf('.')));
      said.add(
          with(AuthGrpc.newBlockingStub(channel), fresh)
              .roleAdd(AuthRoleAddRequest.newBuilder().setName("r").build())
              .toString());
      said.add(page("/metrics", null));
      said.add(page("/v3/auth/authenticate", "{\"name\":\"root\",\"password\":\"" + WRONG + "\"}"));
      said.add(page("/v3/auth/authenticate", "{\"name\":\"root\",\"password\":" + WRONG + "}"));
      said.addAll(log.lines());
      String text = String.join("\n", said);
      assertThat(text).contains("a login failed").doesNotContain(secrets);
      assertThat(text).doesNotContain(hash, hash(), "$2a$", "$2b$");
    }
    String files = files();
    assertThat(files).contains("$2").doesNotContain(secrets);
  }

  private String hash() {
    User root = Objects.requireNonNull(one.node.auth().user("root"));
    return root.hash();
  }

  private static String refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return e + " " + e.getTrailers();
    }
    throw new AssertionError("it was not refused");
  }

  private String page(String path, @org.jspecify.annotations.Nullable String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + one.port() + path));
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  private String files() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(one.files())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void sec13AFailedLoginIsLoggedWithUserAndSourceAndWithoutSecret() {
    enable();
    try (LogWatch log = new LogWatch("io.balsa.api")) {
      for (String password : List.of(WRONG, "")) {
        AtOneServer.refused(
            () -> login(password),
            io.grpc.Status.Code.INVALID_ARGUMENT,
            "etcdserver: authentication failed, invalid user ID or password");
      }
      List<String> lines = log.with("a login failed");
      assertThat(lines).hasSize(2);
      assertThat(lines)
          .allSatisfy(
              line -> assertThat(line).contains("user=root", "127.0.0.1").doesNotContain(WRONG));
    }
  }

  /** While clients flood the server with logins, puts go on, and a login that waits is refused. */
  @Test
  void sec11AFloodOfLoginsDoesNotDelayPuts() {
    enable();
    String token = login(OLD);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger ended = new AtomicInteger();
    for (int client = 0; client < 32; client++) {
      new Guesser("guess" + client, over, ended).next();
    }
    PutRequest put = PutRequest.newBuilder().setKey(AccessBench.utf8("k")).build();
    var kv = with(KVGrpc.newBlockingStub(channel), token);
    int before = ended.get();
    for (int i = 0; i < 100; i++) {
      var _ = kv.withDeadlineAfter(1, TimeUnit.SECONDS).put(put);
    }
    assertThat(ended.get()).as("the flood went on").isGreaterThan(before);
    over.set(true);
  }

  /** Tries one password after the other for a user that does not exist. */
  private final class Guesser
      implements StreamObserver<io.balsa.proto.etcdserverpb.AuthenticateResponse> {
    private final String name;
    private final AtomicBoolean over;
    private final AtomicInteger ended;
    private int tries;

    Guesser(String name, AtomicBoolean over, AtomicInteger ended) {
      this.name = name;
      this.over = over;
      this.ended = ended;
    }

    void next() {
      tries++;
      AuthenticateRequest guess =
          AuthenticateRequest.newBuilder().setName(name + tries).setPassword(WRONG).build();
      AuthGrpc.newStub(channel).authenticate(guess, this);
    }

    @Override
    public void onNext(io.balsa.proto.etcdserverpb.AuthenticateResponse answer) {}

    @Override
    public void onError(Throwable failure) {
      ended.incrementAndGet();
      if (!over.get() && !channel.isShutdown()) {
        next();
      }
    }

    @Override
    public void onCompleted() {}
  }
}
