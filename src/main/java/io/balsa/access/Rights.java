package io.balsa.access;

import io.balsa.proto.balsapb.ProbeGrpc;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which RPC needs which right (etcd 3.7.3). The key is the method that gRPC has found for a call,
 * never the path that a client wrote (CVE-2026-33186).
 */
final class Rights {
  private static final Map<String, Right> TABLE = table();

  /** RPCs that change something but have no fields, and the backup, which has all keys. */
  private static final Set<String> SENSITIVE =
      Set.of(
          AuthGrpc.getAuthEnableMethod().getFullMethodName(),
          AuthGrpc.getAuthDisableMethod().getFullMethodName(),
          MaintenanceGrpc.getSnapshotMethod().getFullMethodName(),
          MaintenanceGrpc.getDefragmentMethod().getFullMethodName(),
          MaintenanceGrpc.getDowngradeMethod().getFullMethodName(),
          ClusterGrpc.getMemberAddMethod().getFullMethodName(),
          ClusterGrpc.getMemberRemoveMethod().getFullMethodName(),
          ClusterGrpc.getMemberUpdateMethod().getFullMethodName(),
          ClusterGrpc.getMemberPromoteMethod().getFullMethodName());

  /** RPCs that count for a user's rate: those on keys, leases, locks and elections. */
  private static final Set<String> RATED = rated();

  private Rights() {}

  /** The right that an RPC needs; null for an RPC that has no entry and is refused to all. */
  static @Nullable Right of(MethodDescriptor<?, ?> method) {
    return TABLE.get(method.getFullMethodName());
  }

  /** Whether an RPC asks for a token. */
  static boolean isLogin(MethodDescriptor<?, ?> method) {
    return method.getFullMethodName().equals(AuthGrpc.getAuthenticateMethod().getFullMethodName());
  }

  /** Whether the audit trail has an RPC beside those that change something. */
  static boolean isSensitive(MethodDescriptor<?, ?> method) {
    return SENSITIVE.contains(method.getFullMethodName());
  }

  /**
   * Whether an RPC counts for the rate of its user. Renewals of leases and the calls of operators,
   * proxies and health checks do not, so that they always get in.
   */
  static boolean isRated(MethodDescriptor<?, ?> method) {
    return RATED.contains(method.getFullMethodName());
  }

  private static Set<String> rated() {
    Set<String> rated = new HashSet<>();
    List.of(
            KVGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor(),
            LeaseGrpc.getServiceDescriptor(),
            LockGrpc.getServiceDescriptor(),
            ElectionGrpc.getServiceDescriptor())
        .forEach(
            service -> service.getMethods().forEach(rpc -> rated.add(rpc.getFullMethodName())));
    rated.remove(LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName());
    return Set.copyOf(rated);
  }

  /** The name of an RPC without its package, such as {@code KV/Put}. */
  static String shortName(MethodDescriptor<?, ?> method) {
    String name = method.getFullMethodName();
    return name.substring(name.lastIndexOf('.', name.indexOf('/')) + 1);
  }

  private static Map<String, Right> table() {
    Map<String, Right> table = new HashMap<>();
    put(table, KVGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, WatchGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, LockGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, ElectionGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, LeaseGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, LeaseGrpc.getLeaseTimeToLiveMethod(), Right.LOGGED_IN);
    put(table, ClusterGrpc.getServiceDescriptor(), Right.ROOT);
    put(table, ClusterGrpc.getMemberListMethod(), Right.LOGGED_IN);
    put(table, MaintenanceGrpc.getServiceDescriptor(), Right.ROOT);
    put(table, MaintenanceGrpc.getStatusMethod(), Right.LOGGED_IN);
    put(table, MaintenanceGrpc.getAlarmMethod(), Right.LOGGED_IN); // a change is judged later
    put(table, AuthGrpc.getServiceDescriptor(), Right.JUDGED_LATER);
    put(table, AuthGrpc.getAuthStatusMethod(), Right.TOKEN_OR_NONE);
    put(table, AuthGrpc.getAuthenticateMethod(), Right.OPEN);
    // a proxy has no user, and must find the leader; the answer tells of no key, size or address
    put(table, ProbeGrpc.getServiceDescriptor(), Right.OPEN);
    put(table, HealthGrpc.getServiceDescriptor(), Right.OPEN);
    put(table, ServerReflectionGrpc.getServiceDescriptor(), Right.OPEN);
    put(table, oldReflection(), Right.OPEN);
    return table;
  }

  @SuppressWarnings("deprecation") // old tools ask for it
  private static ServiceDescriptor oldReflection() {
    return io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServiceDescriptor();
  }

  private static void put(Map<String, Right> table, ServiceDescriptor service, Right right) {
    service.getMethods().forEach(method -> put(table, method, right));
  }

  private static void put(Map<String, Right> table, MethodDescriptor<?, ?> method, Right right) {
    table.put(method.getFullMethodName(), right);
  }
}
