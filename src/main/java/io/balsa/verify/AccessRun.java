package io.balsa.verify;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.check.KeyRequest;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterSecurity;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.verify.AccessJudge.Asked;
import io.balsa.verify.AccessJudge.Span;
import io.balsa.verify.AccessJudge.Use;
import io.balsa.verify.FaultRunner.InjectedFault;
import io.balsa.verify.RoleChanger.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The users of a run. Each has a right to a part of the keys that all share, and to a part of its
 * own; its right to a third part changes. So some requests must be answered and some denied.
 */
final class AccessRun implements LoadRights, AutoCloseable {
  private static final int USERS = 3;
  private static final String SHARED = "shared/";
  private static final String CHANGING = "changing/";
  private static final Duration ROOT_LIMIT = Duration.ofSeconds(3);
  private static final Duration SETUP_LIMIT = Duration.ofSeconds(40);
  private static final Duration AGAIN = Duration.ofMillis(100);
  private static final String DENIED = "etcdserver: permission denied";

  private final ClusterSecurity security;
  private final List<HostPort> addresses;
  private final String prefix;
  private final List<Credentials.Password> users;
  private final AccessRecorder recorder = new AccessRecorder();
  private final StandstillNotes standstills = new StandstillNotes();
  private final List<UserWatcher> watchers = new ArrayList<>();
  private @Nullable RoleChanger changer;
  private boolean closed;

  /**
   * Makes the users and their lasting rights.
   *
   * @param addresses of the servers in the order of their numbers, and of the proxy as the last
   * @param prefix of all keys; ends with a slash
   * @throws InstrumentFailure when it does not succeed
   */
  AccessRun(ClusterSecurity security, List<HostPort> addresses, String prefix) {
    this.security = security;
    this.addresses = addresses;
    this.prefix = prefix;
    this.users =
        IntStream.rangeClosed(1, USERS)
            .mapToObj(n -> new Credentials.Password("user" + n, UUID.randomUUID().toString()))
            .toList();
    try (EtcdCalls root = root()) {
      users.forEach(user -> make(root, user));
    }
  }

  private EtcdCalls root() {
    return new EtcdCalls(EtcdClient.open(addresses, security.settings()), ROOT_LIMIT);
  }

  private Part part(String name) {
    return new Part(name, prefix + name, RecordingWatcher.end(prefix + name));
  }

  private static String own(String user) {
    return "own-" + user + "/";
  }

  private void make(EtcdCalls root, Credentials.Password user) {
    String role = "role-of-" + user.user();
    Span time = new Span(System.nanoTime(), System.nanoTime());
    AuthUserAddRequest add =
        AuthUserAddRequest.newBuilder().setName(user.user()).setPassword(user.password()).build();
    surely(root, () -> root.userAdd(add));
    surely(root, () -> root.roleAdd(AuthRoleAddRequest.newBuilder().setName(role).build()));
    AuthUserGrantRoleRequest join =
        AuthUserGrantRoleRequest.newBuilder().setUser(user.user()).setRole(role).build();
    surely(root, () -> root.userGrantRole(join));
    Set<Use> all = EnumSet.allOf(Use.class);
    for (String name : List.of(SHARED, own(user.user()))) {
      surely(root, () -> root.roleGrantPermission(RoleChanger.permission(role, part(name), all)));
      recorder.changed(
          user.user(), name, all, true, true, new Span(time.from(), System.nanoTime()));
    }
  }

  /** Asks until it is done; none of these requests undoes another. */
  private static void surely(EtcdCalls root, Supplier<CompletableFuture<?>> request) {
    Awaiting.until(
        "users and roles",
        SETUP_LIMIT,
        () -> {
          try {
            EtcdCalls.await(request.get());
            return true;
          } catch (RequestFailed failed) {
            root.connectNow();
            Awaiting.pause(AGAIN);
            return String.valueOf(failed.getMessage()).endsWith("already exists");
          }
        });
  }

  /** Starts to change rights, and the watchers whose rights change. */
  void start() {
    Part part = part(CHANGING);
    int proxy = addresses.size() - 1;
    List<Integer> servers = IntStream.rangeClosed(1, proxy).boxed().toList();
    for (int i = 0; i < USERS; i++) {
      Credentials.Password user = users.get(i);
      int server = i % proxy;
      watch(user, part, addresses.get(server), List.of(server + 1));
      watch(user, part, addresses.get(proxy), servers);
    }
    List<String> names = users.stream().map(Credentials.Password::user).toList();
    changer = new RoleChanger(root(), names, part, recorder);
  }

  private void watch(
      Credentials.Password user, Part part, HostPort address, List<Integer> servers) {
    EtcdClient client = EtcdClient.open(List.of(address), security.settings(user));
    watchers.add(new UserWatcher(client, user.user(), part, servers, recorder));
  }

  private Credentials.Password userOf(int client) {
    return users.get(client / addresses.size() % users.size());
  }

  @Override
  public ClientSettings settings(int client) {
    return security.settings(userOf(client));
  }

  @Override
  public String user(int client) {
    return userOf(client).user();
  }

  @Override
  public String part(int client, SplittableRandom dice) {
    int drawn = dice.nextInt(20);
    if (drawn < 11) {
      return SHARED;
    } else if (drawn < 13) {
      return own(user(client));
    } else if (drawn < 14) {
      return own(users.get(dice.nextInt(users.size())).user());
    }
    return CHANGING;
  }

  @Override
  public void called(KeyRequest request, long now) {
    Bytes value = value(request);
    if (value != null) {
      recorder.writes(value.utf8(), now);
    }
  }

  private static @Nullable Bytes value(KeyRequest request) {
    return switch (request) {
      case KeyRequest.Put put -> put.value();
      case KeyRequest.Cas cas -> cas.value();
      case KeyRequest.Append append -> append.value();
      case KeyRequest.Get _, KeyRequest.Delete _ -> null;
    };
  }

  private static Set<Use> needs(KeyRequest request) {
    return switch (request) {
      case KeyRequest.Get _ -> EnumSet.of(Use.READ);
      case KeyRequest.Put _, KeyRequest.Delete _ -> EnumSet.of(Use.WRITE);
      case KeyRequest.Cas _, KeyRequest.Append _ -> EnumSet.allOf(Use.class);
    };
  }

  @Override
  public void answered(Sent sent, long returned) {
    note(sent, false, returned);
    if (sent.address() < addresses.size() - 1) {
      recorder.proves(sent.address() + 1, new Span(sent.called(), returned));
    }
  }

  @Override
  public void failed(Sent sent, RequestFailed failure, long returned) {
    if (!failure.maybeDone() && DENIED.equals(failure.getMessage())) {
      note(sent, true, returned);
      Bytes value = value(sent.request());
      if (value != null) {
        recorder.denied(value.utf8());
      }
    }
  }

  private void note(Sent sent, boolean denied, long returned) {
    String user = user(sent.client());
    Set<Use> needs = needs(sent.request());
    String what = sent.request() + " at " + addresses.get(sent.address());
    recorder.asked(new Asked(user, sent.part(), needs, denied, sent.called(), returned, what));
  }

  @Override
  public Set<String> refused() {
    return recorder.refused();
  }

  @Override
  public AccessVerdict verdict(List<InjectedFault> faults) {
    close();
    List<Span> disturbed = new ArrayList<>(standstills.spans());
    faults.stream().map(InjectedFault::disturbed).flatMap(Optional::stream).forEach(disturbed::add);
    AccessVerdict verdict = AccessJudge.judge(recorder.evidence(disturbed));
    List<String> surprises = changer == null ? List.of() : changer.surprises();
    return surprises.isEmpty()
        ? verdict
        : new AccessVerdict(
            AccessVerdict.Kind.BROKEN, verdict.words() + "\n  " + String.join("\n  ", surprises));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (changer != null) {
        changer.close();
      }
      watchers.forEach(UserWatcher::close);
      standstills.close();
    }
  }
}
