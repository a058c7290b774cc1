package io.balsa.api;

import static io.balsa.api.AccessBench.utf8;
import static io.balsa.api.AccessNeed.LOGIN;
import static io.balsa.api.AccessNeed.NO_BAD_TOKEN;
import static io.balsa.api.AccessNeed.OPEN;
import static io.balsa.api.AccessNeed.READER_ITSELF;
import static io.balsa.api.AccessNeed.ROOT;

import io.balsa.proto.authpb.Permission;
import io.balsa.proto.balsapb.LookRequest;
import io.balsa.proto.balsapb.ProbeGrpc;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleListRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DowngradeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MemberAddRequest;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberPromoteRequest;
import io.balsa.proto.etcdserverpb.MemberRemoveRequest;
import io.balsa.proto.etcdserverpb.MemberUpdateRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import java.util.ArrayList;
import java.util.List;

/** The rows of Cluster, Maintenance, Auth, health and reflection. */
final class AccessAdminRows {
  private static final String NO_MEMBERSHIP =
      "UNIMPLEMENTED balsa: changes of the membership are not built yet";

  private final List<AccessRow<?>> rows = new ArrayList<>();

  private AccessAdminRows() {}

  static List<AccessRow<?>> all() {
    AccessAdminRows made = new AccessAdminRows();
    made.cluster();
    made.maintenance();
    made.alarms();
    made.tools();
    made.users();
    made.roles();
    made.ofAuth();
    return made.rows;
  }

  private <Q> void row(MethodDescriptor<Q, ?> method, String what, AccessNeed need, Q request) {
    rows.add(AccessRow.of(method, what, need, request));
  }

  private <Q> void row(MethodDescriptor<Q, ?> method, AccessNeed need, Q request) {
    row(method, "", need, request);
  }

  private <Q> void failing(
      MethodDescriptor<Q, ?> method, AccessNeed need, Q request, String error) {
    rows.add(AccessRow.of(method, "", need, request).failing(error));
  }

  private void cluster() {
    var list = ClusterGrpc.getMemberListMethod();
    row(list, "as this server knows it", LOGIN, MemberListRequest.getDefaultInstance());
    row(list, "linearizable", LOGIN, MemberListRequest.newBuilder().setLinearizable(true).build());
    failing(
        ClusterGrpc.getMemberAddMethod(),
        ROOT,
        MemberAddRequest.newBuilder().addPeerURLs("http://127.0.0.1:1").build(),
        NO_MEMBERSHIP);
    failing(
        ClusterGrpc.getMemberRemoveMethod(),
        ROOT,
        MemberRemoveRequest.newBuilder().setID(1).build(),
        NO_MEMBERSHIP);
    failing(
        ClusterGrpc.getMemberUpdateMethod(),
        ROOT,
        MemberUpdateRequest.newBuilder().setID(1).build(),
        NO_MEMBERSHIP);
    failing(
        ClusterGrpc.getMemberPromoteMethod(),
        ROOT,
        MemberPromoteRequest.newBuilder().setID(1).build(),
        NO_MEMBERSHIP);
  }

  private void maintenance() {
    row(MaintenanceGrpc.getStatusMethod(), LOGIN, StatusRequest.getDefaultInstance());
    row(MaintenanceGrpc.getDefragmentMethod(), ROOT, DefragmentRequest.getDefaultInstance());
    row(MaintenanceGrpc.getHashMethod(), ROOT, HashRequest.getDefaultInstance());
    row(MaintenanceGrpc.getHashKVMethod(), ROOT, HashKVRequest.getDefaultInstance());
    row(MaintenanceGrpc.getSnapshotMethod(), ROOT, SnapshotRequest.getDefaultInstance());
    failing(
        MaintenanceGrpc.getMoveLeaderMethod(),
        ROOT,
        MoveLeaderRequest.getDefaultInstance(),
        "FAILED_PRECONDITION etcdserver: bad leader transferee");
    failing(
        MaintenanceGrpc.getDowngradeMethod(),
        ROOT,
        DowngradeRequest.newBuilder().setVersion("x").build(),
        "INVALID_ARGUMENT etcdserver: wrong downgrade target version format");
    row(
        MaintenanceGrpc.getDowngradeMethod(),
        "cancel",
        ROOT,
        DowngradeRequest.newBuilder().setAction(DowngradeRequest.DowngradeAction.CANCEL).build());
  }

  private void alarms() {
    var method = MaintenanceGrpc.getAlarmMethod();
    for (AlarmType type : List.of(AlarmType.NONE, AlarmType.NOSPACE, AlarmType.CORRUPT)) {
      AlarmRequest.Builder alarm = AlarmRequest.newBuilder().setAlarm(type);
      row(method, "get " + type, LOGIN, alarm.build());
      for (var action :
          List.of(AlarmRequest.AlarmAction.ACTIVATE, AlarmRequest.AlarmAction.DEACTIVATE)) {
        row(method, action + " " + type, ROOT, alarm.setAction(action).build());
      }
    }
    row(
        method,
        "an action that does not exist",
        ROOT,
        AlarmRequest.newBuilder().setActionValue(9).build());
  }

  @SuppressWarnings("deprecation") // old tools ask for it
  private void tools() {
    row(ProbeGrpc.getLookMethod(), OPEN, LookRequest.getDefaultInstance());
    row(HealthGrpc.getCheckMethod(), OPEN, HealthCheckRequest.getDefaultInstance());
    row(HealthGrpc.getWatchMethod(), OPEN, HealthCheckRequest.getDefaultInstance());
    row(
        ServerReflectionGrpc.getServerReflectionInfoMethod(),
        OPEN,
        ServerReflectionRequest.newBuilder().setListServices("").build());
    row(
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod(),
        OPEN,
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
            .setListServices("")
            .build());
  }

  private void users() {
    row(AuthGrpc.getUserListMethod(), ROOT, AuthUserListRequest.getDefaultInstance());
    var get = AuthGrpc.getUserGetMethod();
    row(get, "reader", READER_ITSELF, AuthUserGetRequest.newBuilder().setName("reader").build());
    row(get, "root", ROOT, AuthUserGetRequest.newBuilder().setName("root").build());
    AuthUserAddRequest add =
        AuthUserAddRequest.newBuilder().setName("new").setPassword("pw").build();
    row(AuthGrpc.getUserAddMethod(), "with a password", ROOT, add);
    AuthUserAddRequest none =
        AuthUserAddRequest.newBuilder()
            .setName("bare")
            .setOptions(io.balsa.proto.authpb.UserAddOptions.newBuilder().setNoPassword(true))
            .build();
    row(AuthGrpc.getUserAddMethod(), "without a password", ROOT, none);
    AuthUserChangePasswordRequest change =
        AuthUserChangePasswordRequest.newBuilder().setName("victim").setPassword("pw").build();
    row(AuthGrpc.getUserChangePasswordMethod(), "of another", ROOT, change);
    changesOfUsers();
  }

  private void changesOfUsers() {
    row(
        AuthGrpc.getUserGrantRoleMethod(),
        ROOT,
        AuthUserGrantRoleRequest.newBuilder().setUser("victim").setRole("root").build());
    row(
        AuthGrpc.getUserRevokeRoleMethod(),
        ROOT,
        AuthUserRevokeRoleRequest.newBuilder().setName("victim").setRole("root").build());
    row(
        AuthGrpc.getUserDeleteMethod(),
        ROOT,
        AuthUserDeleteRequest.newBuilder().setName("victim").build());
    // its own password, too, only root may change; nothing happens before root's turn
    rows.add(
        AccessRow.made(
            AuthGrpc.getUserChangePasswordMethod(),
            "its own",
            ROOT,
            (_, who) ->
                AuthUserChangePasswordRequest.newBuilder()
                    .setName(who == AccessWho.ROOT ? "new" : who.user())
                    .setPassword("pw")
                    .build()));
  }

  private void roles() {
    row(AuthGrpc.getRoleListMethod(), ROOT, AuthRoleListRequest.getDefaultInstance());
    var get = AuthGrpc.getRoleGetMethod();
    row(get, "reader", READER_ITSELF, AuthRoleGetRequest.newBuilder().setRole("reader").build());
    rows.add(
        AccessRow.of(get, "root", ROOT, AuthRoleGetRequest.newBuilder().setRole("root").build())
            .failing("FAILED_PRECONDITION etcdserver: role name not found"));
    row(AuthGrpc.getRoleAddMethod(), ROOT, AuthRoleAddRequest.newBuilder().setName("new").build());
    Permission permission = Permission.newBuilder().setKey(utf8("k")).build();
    row(
        AuthGrpc.getRoleGrantPermissionMethod(),
        ROOT,
        AuthRoleGrantPermissionRequest.newBuilder().setName("new").setPerm(permission).build());
    row(
        AuthGrpc.getRoleRevokePermissionMethod(),
        ROOT,
        AuthRoleRevokePermissionRequest.newBuilder().setRole("new").setKey(utf8("k")).build());
    row(
        AuthGrpc.getRoleDeleteMethod(),
        ROOT,
        AuthRoleDeleteRequest.newBuilder().setRole("new").build());
  }

  /** Root's AuthDisable is the last call of all: with it, all tokens end. */
  private void ofAuth() {
    row(AuthGrpc.getAuthStatusMethod(), NO_BAD_TOKEN, AuthStatusRequest.getDefaultInstance());
    rows.add(
        AccessRow.made(
                AuthGrpc.getAuthenticateMethod(),
                "with a wrong password",
                OPEN,
                (at, _) ->
                    AuthenticateRequest.newBuilder()
                        .setName(at.unique("guess"))
                        .setPassword("x")
                        .build())
            .failing(
                "INVALID_ARGUMENT etcdserver: authentication failed, invalid user ID or"
                    + " password"));
    row(
        AuthGrpc.getAuthenticateMethod(),
        "with a right password",
        OPEN,
        AuthenticateRequest.newBuilder().setName("reader").setPassword("reader").build());
    row(AuthGrpc.getAuthEnableMethod(), ROOT, AuthEnableRequest.getDefaultInstance());
    row(AuthGrpc.getAuthDisableMethod(), ROOT, AuthDisableRequest.getDefaultInstance());
  }
}
