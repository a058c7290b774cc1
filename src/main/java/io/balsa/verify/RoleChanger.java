package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.Workers;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.verify.AccessJudge.Span;
import io.balsa.verify.AccessJudge.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Gives a user a right to one part of the keys, or takes it, once a second. It alone changes
 * rights, one change after the other.
 *
 * <p>A request whose outcome is unknown may still be carried out much later. So each gift has a
 * role of its own, which is never given twice, and a gift is sent once. If its outcome is unknown,
 * its role is deleted until that is known to be done: a late gift of a role that is gone fails. A
 * late removal does no harm, because nothing gives that role again.
 */
final class RoleChanger implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EtcdCalls root;
  private final List<String> users;
  private final Part part;
  private final AccessRecorder recorder;
  private final SplittableRandom dice = new SplittableRandom();
  private final Map<String, Gift> gifts = new HashMap<>();
  private final List<String> surprises = new ArrayList<>();
  private final Workers workers;
  private int roles;
  private volatile boolean closed;

  /** A part of the keys: all from one key to before another. */
  record Part(String name, String from, String end) {}

  /**
   * A role that gives a user a right.
   *
   * @param open whether it may have been taken already, which is not known
   */
  private record Gift(String user, String role, Set<Use> uses, boolean open) {}

  /** How a request ended. */
  private enum Outcome {
    DONE,
    REFUSED,
    UNKNOWN
  }

  /**
   * Starts to change rights.
   *
   * @param root calls of root, which the changer closes
   */
  RoleChanger(EtcdCalls root, List<String> users, Part part, AccessRecorder recorder) {
    this.root = root;
    this.users = users;
    this.part = part;
    this.recorder = recorder;
    this.workers = Workers.start("roles-", 1, _ -> changeOn());
  }

  private void changeOn() {
    while (!closed) {
      long begin = System.nanoTime();
      String user = users.get(dice.nextInt(users.size()));
      Gift gift = gifts.remove(user);
      if (gift == null) {
        give(user);
      } else {
        take(gift);
      }
      long left = EVERY.toNanos() - (System.nanoTime() - begin);
      Awaiting.pause(Duration.ofNanos(Math.max(0, left)));
    }
  }

  private void give(String user) {
    roles++;
    Gift gift = new Gift(user, "changing-" + roles, draw(), false);
    boolean memberLast = dice.nextBoolean();
    if (ask(() -> root.roleAdd(add(gift))) != Outcome.DONE
        || ask(() -> memberLast ? permit(gift) : join(gift)) != Outcome.DONE) {
      return; // a role without a member, or without a permission, gives nothing
    }
    long called = System.nanoTime();
    Outcome outcome = ask(() -> memberLast ? join(gift) : permit(gift));
    Span time = new Span(called, System.nanoTime());
    if (outcome == Outcome.REFUSED) {
      return;
    }
    boolean sure = outcome == Outcome.DONE;
    recorder.changed(user, part.name(), gift.uses(), true, sure, time);
    if (sure) {
      gifts.put(user, gift);
    } else {
      takeSurely(new Gift(user, gift.role(), gift.uses(), true), () -> delete(gift));
    }
  }

  private Set<Use> draw() {
    return switch (dice.nextInt(4)) {
      case 0 -> EnumSet.of(Use.READ);
      case 1 -> EnumSet.of(Use.WRITE);
      default -> EnumSet.allOf(Use.class);
    };
  }

  private void take(Gift gift) {
    Supplier<CompletableFuture<?>> way =
        switch (gift.open() ? 2 : dice.nextInt(3)) {
          case 0 -> () -> leave(gift);
          case 1 -> () -> forbid(gift);
          default -> () -> delete(gift);
        };
    takeSurely(gift, way);
  }

  /**
   * Asks until it is known that the right is gone. If that is not known in time, the gift stays
   * open: the user gets no other one before.
   */
  private void takeSurely(Gift gift, Supplier<CompletableFuture<?>> way) {
    long called = System.nanoTime();
    Outcome outcome = ask(way);
    boolean asked = gift.open();
    while (outcome == Outcome.UNKNOWN && System.nanoTime() - called < PATIENCE.toNanos()) {
      asked = true;
      Awaiting.pause(AGAIN);
      outcome = ask(way);
    }
    if (outcome == Outcome.REFUSED && !asked) {
      surprises.add("a right that was given and not taken is gone: " + gift);
    }
    Span time = new Span(called, System.nanoTime());
    boolean sure = outcome != Outcome.UNKNOWN;
    recorder.changed(gift.user(), part.name(), gift.uses(), false, sure, time);
    if (!sure) {
      gifts.put(gift.user(), new Gift(gift.user(), gift.role(), gift.uses(), true));
    }
  }

  private Outcome ask(Supplier<CompletableFuture<?>> request) {
    try {
      EtcdCalls.await(request.get());
      return Outcome.DONE;
    } catch (RequestFailed failed) {
      root.connectNow();
      return isAnswer(failed) ? Outcome.REFUSED : Outcome.UNKNOWN;
    }
  }

  /** Whether a server has looked at its roles, and says that the request does not fit them. */
  private static boolean isAnswer(RequestFailed failed) {
    String text = String.valueOf(failed.getMessage());
    return !failed.maybeDone() && text.startsWith("etcdserver: ") && text.contains("role");
  }

  private static AuthRoleAddRequest add(Gift gift) {
    return AuthRoleAddRequest.newBuilder().setName(gift.role()).build();
  }

  private CompletableFuture<?> join(Gift gift) {
    return root.userGrantRole(
        AuthUserGrantRoleRequest.newBuilder().setUser(gift.user()).setRole(gift.role()).build());
  }

  private CompletableFuture<?> leave(Gift gift) {
    return root.userRevokeRole(
        AuthUserRevokeRoleRequest.newBuilder().setName(gift.user()).setRole(gift.role()).build());
  }

  private CompletableFuture<?> permit(Gift gift) {
    return root.roleGrantPermission(permission(gift.role(), part, gift.uses()));
  }

  /** The request for a role's permission on a part. */
  static AuthRoleGrantPermissionRequest permission(String role, Part part, Set<Use> uses) {
    Permission.Type type =
        uses.size() == 2
            ? Permission.Type.READWRITE
            : uses.contains(Use.READ) ? Permission.Type.READ : Permission.Type.WRITE;
    return AuthRoleGrantPermissionRequest.newBuilder()
        .setName(role)
        .setPerm(
            Permission.newBuilder()
                .setPermType(type)
                .setKey(ByteString.copyFromUtf8(part.from()))
                .setRangeEnd(ByteString.copyFromUtf8(part.end())))
        .build();
  }

  private CompletableFuture<?> forbid(Gift gift) {
    return root.roleRevokePermission(
        AuthRoleRevokePermissionRequest.newBuilder()
            .setRole(gift.role())
            .setKey(ByteString.copyFromUtf8(part.from()))
            .setRangeEnd(ByteString.copyFromUtf8(part.end()))
            .build());
  }

  private CompletableFuture<?> delete(Gift gift) {
    return root.roleDelete(AuthRoleDeleteRequest.newBuilder().setRole(gift.role()).build());
  }

  /** The rights that were lost without a change; to be asked after {@link #close}. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }

  @Override
  public void close() {
    closed = true;
    workers.join();
    root.close();
  }
}
