package io.balsa.attack;

import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Attacks that are many requests of different kinds. */
final class Storms {
  private static final int MIB = 1 << 20;

  /** So short that many leases end during the attack. */
  private static final int TTL_SECONDS = 5;

  /** What the server ends by itself, for one that the client ends. */
  private static final int LEFT_TO_END = 3;

  private Storms() {}

  /** Puts of 1 MiB to a key of each client. Old versions are compacted, as an operator would. */
  static void largePuts(AttackRun run) {
    var value = AttackData.of(MIB);
    Thread compacting = Thread.ofVirtual().start(() -> compact(run));
    run.each(
        (number, connection) -> {
          var put = AttackRequests.put("abuse/put/" + number, value);
          do {
            connection.ask(KVGrpc.getPutMethod(), put, run.limitMillis());
          } while (!run.isOver());
        });
    AttackRun.join(compacting);
  }

  private static void compact(AttackRun run) {
    AttackConnection connection = run.connection();
    while (!run.isOver()) {
      AttackRun.pause(Duration.ofSeconds(1));
      try {
        long newest =
            connection
                .get(KVGrpc.getRangeMethod(), AttackRequests.one("x"), run.limitMillis())
                .getHeader()
                .getRevision();
        connection.ask(
            KVGrpc.getCompactMethod(),
            CompactionRequest.newBuilder().setRevision(newest).build(),
            run.limitMillis());
      } catch (StatusRuntimeException refused) {
        run.tally().add(refused.getStatus());
      }
    }
  }

  /** Leases that are granted, renewed and revoked, and some that end by themselves. */
  static void leases(AttackRun run) {
    run.each(
        (_, connection) -> {
          do {
            long id = 0;
            for (int i = 0; i <= LEFT_TO_END; i++) {
              id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
              var grant = LeaseGrantRequest.newBuilder().setID(id).setTTL(TTL_SECONDS).build();
              connection.ask(LeaseGrpc.getLeaseGrantMethod(), grant, run.limitMillis());
            }
            connection.ask(
                LeaseGrpc.getLeaseKeepAliveMethod(),
                LeaseKeepAliveRequest.newBuilder().setID(id).build(),
                run.limitMillis());
            connection.ask(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(id).build(),
                run.limitMillis());
          } while (!run.isOver());
        });
  }

  /** Logins with the right password, a wrong one, and as nobody. */
  static void logins(AttackRun run) {
    run.each(
        (number, connection) -> {
          for (int i = number; !run.isOver(); i++) {
            String name = i % 3 == 2 ? "nobody-" + i : Attack.USER;
            String password = i % 3 == 0 ? Attack.PASSWORD : "wrong";
            connection.ask(
                AuthGrpc.getAuthenticateMethod(),
                AuthenticateRequest.newBuilder().setName(name).setPassword(password).build(),
                run.limitMillis());
          }
        });
  }
}
