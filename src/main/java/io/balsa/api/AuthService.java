package io.balsa.api;

import com.google.protobuf.MessageLite;
import io.balsa.access.Access;
import io.balsa.access.CallerSession;
import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.auth.User;
import io.balsa.auth.UserRole;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.login.PasswordDesk;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthDisableResponse;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableResponse;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddResponse;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.balsa.proto.etcdserverpb.AuthRoleListRequest;
import io.balsa.proto.etcdserverpb.AuthRoleListResponse;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddResponse;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthUserListResponse;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** etcd's Auth: users, roles and tokens. Changes go through the log, and are judged there. */
final class AuthService extends AuthGrpc.AuthImplBase {
  /** What etcd's library of bcrypt says. */
  private static final Status PASSWORD_TOO_LONG =
      Status.UNKNOWN.withDescription("bcrypt: password length exceeds 72 bytes");

  private final Node node;
  private final ToProto toProto;
  private final PasswordLogin login;
  private final PasswordDesk passwords;

  AuthService(Node node, ToProto toProto, Access access) {
    this.node = node;
    this.toProto = toProto;
    this.login = new PasswordLogin(node, toProto, access);
    this.passwords = access.passwords();
  }

  private <A> void change(
      Command.OfAuth command, StreamObserver<A> observer, Function<ResponseHeader, A> answer) {
    node.propose(CallerSession.current().caller(), command, reply(observer, answer));
  }

  private <A> Consumer<Outcome> reply(
      StreamObserver<A> observer, Function<ResponseHeader, A> answer) {
    return Reply.to(
        observer,
        Result.Done.class,
        (done, term) -> answer.apply(toProto.header(done.revision(), term)));
  }

  /** Hashes a password before the command is made, so that only the hash is in the log. */
  private <A> void changeWithHash(
      String password,
      Function<String, Command.OfAuth> command,
      StreamObserver<A> observer,
      Function<ResponseHeader, A> answer) {
    if (PasswordDesk.isTooLong(password)) {
      observer.onError(PASSWORD_TOO_LONG.asRuntimeException());
      return;
    }
    Caller caller = CallerSession.current().caller();
    Consumer<Outcome> reply = reply(observer, answer);
    Runnable hashAndPropose =
        () ->
            passwords.hash(
                password,
                hash -> {
                  if (hash.isEmpty()) {
                    observer.onError(EtcdError.TOO_MANY_REQUESTS.exception());
                  } else {
                    node.propose(caller, command.apply(hash), reply);
                  }
                });
    if (Judge.root(node.auth(), caller) == null) {
      hashAndPropose.run();
    } else {
      ifRoot(caller, observer, hashAndPropose);
    }
  }

  /**
   * Does something only for root, before there is a command that could be judged. Hashing takes
   * much time, for example. The caller is judged after all that was acknowledged: it may have
   * become root at another server.
   */
  private void ifRoot(Caller caller, StreamObserver<?> observer, Runnable task) {
    node.barrier(
        outcome -> {
          KvError denied = Judge.root(node.auth(), caller);
          if (outcome instanceof Outcome.Failed(Outcome.Failure failure)) {
            observer.onError(EtcdError.of(failure).exception());
          } else if (denied != null) {
            observer.onError(EtcdError.of(denied).exception());
          } else {
            task.run();
          }
        });
  }

  /**
   * Answers from the users and roles in force.
   *
   * @param judge why the caller may not see the answer; null when it may
   * @param answer gives null when there is no answer but an error
   */
  private <A extends MessageLite> void look(
      StreamObserver<A> observer,
      BiFunction<AuthState, Caller, @Nullable KvError> judge,
      BiFunction<AuthState, ResponseHeader, A> answer) {
    Caller caller = CallerSession.current().caller();
    Reply.allowCancel(observer);
    node.barrier(
        outcome -> {
          AuthState auth = node.auth();
          KvError error = judge.apply(auth, caller);
          if (outcome instanceof Outcome.Answered(Result result, long term) && error == null) {
            Reply.send(observer, answer.apply(auth, toProto.header(result.revision(), term)));
          } else if (outcome instanceof Outcome.Failed(Outcome.Failure failure)) {
            observer.onError(EtcdError.of(failure).exception());
          } else if (error != null) {
            observer.onError(EtcdError.of(error).exception());
          }
        });
  }

  @Override
  public void authenticate(
      AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
    login.begin(request.getName(), request.getPassword(), observer);
  }

  @Override
  public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> observer) {
    change(
        new Command.AuthEnable(),
        observer,
        header -> AuthEnableResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void authDisable(
      AuthDisableRequest request, StreamObserver<AuthDisableResponse> observer) {
    change(
        new Command.AuthDisable(),
        observer,
        header -> AuthDisableResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> observer) {
    look(
        observer,
        (_, _) -> null,
        (auth, header) ->
            AuthStatusResponse.newBuilder()
                .setHeader(header)
                .setEnabled(auth.enabled())
                .setAuthRevision(auth.revision())
                .build());
  }

  @Override
  public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> observer) {
    String name = request.getName();
    boolean noPassword = request.getOptions().getNoPassword();
    Function<ResponseHeader, AuthUserAddResponse> answer =
        header -> AuthUserAddResponse.newBuilder().setHeader(header).build();
    if (noPassword) {
      change(new Command.UserAdd(name, "", true), observer, answer);
    } else {
      changeWithHash(
          request.getPassword(), hash -> new Command.UserAdd(name, hash, false), observer, answer);
    }
  }

  @Override
  public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> observer) {
    look(
        observer,
        (auth, caller) -> AuthAnswers.userRefusal(auth, caller, request.getName()),
        (auth, header) -> AuthAnswers.user(auth, request.getName(), header));
  }

  @Override
  public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> observer) {
    look(
        observer,
        Judge::root,
        (auth, header) ->
            AuthUserListResponse.newBuilder()
                .setHeader(header)
                .addAllUsers(auth.users().stream().map(User::name).toList())
                .build());
  }

  @Override
  public void userDelete(
      AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> observer) {
    change(
        new Command.UserDelete(request.getName()),
        observer,
        header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
  }

  /** Without a password, etcd takes the hash that the client sent. */
  @Override
  public void userChangePassword(
      AuthUserChangePasswordRequest request,
      StreamObserver<AuthUserChangePasswordResponse> observer) {
    String name = request.getName();
    Function<ResponseHeader, AuthUserChangePasswordResponse> answer =
        header -> AuthUserChangePasswordResponse.newBuilder().setHeader(header).build();
    if (request.getPassword().isEmpty()) {
      String hash = AuthAnswers.sentHash(request.getHashedPassword());
      change(new Command.UserChangePassword(name, hash), observer, answer);
    } else {
      changeWithHash(
          request.getPassword(),
          hash -> new Command.UserChangePassword(name, hash),
          observer,
          answer);
    }
  }

  @Override
  public void userGrantRole(
      AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> observer) {
    change(
        new Command.UserGrantRole(request.getUser(), request.getRole()),
        observer,
        header -> AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void userRevokeRole(
      AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> observer) {
    change(
        new Command.UserRevokeRole(request.getName(), request.getRole()),
        observer,
        header -> AuthUserRevokeRoleResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> observer) {
    change(
        new Command.RoleAdd(request.getName()),
        observer,
        header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> observer) {
    look(
        observer,
        (auth, caller) -> AuthAnswers.roleRefusal(auth, caller, request.getRole()),
        (auth, header) -> AuthAnswers.role(auth, request.getRole(), header));
  }

  @Override
  public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> observer) {
    look(
        observer,
        Judge::root,
        (auth, header) ->
            AuthRoleListResponse.newBuilder()
                .setHeader(header)
                .addAllRoles(auth.roles().stream().map(UserRole::name).toList())
                .build());
  }

  @Override
  public void roleDelete(
      AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> observer) {
    change(
        new Command.RoleDelete(request.getRole()),
        observer,
        header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleGrantPermission(
      AuthRoleGrantPermissionRequest request,
      StreamObserver<AuthRoleGrantPermissionResponse> observer) {
    if (!request.hasPerm()) {
      ifRoot(
          CallerSession.current().caller(),
          observer,
          () -> observer.onError(EtcdError.PERMISSION_NOT_GIVEN.exception()));
      return;
    }
    change(
        new Command.RoleGrantPermission(
            request.getName(), AuthAnswers.permission(request.getPerm())),
        observer,
        header -> AuthRoleGrantPermissionResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleRevokePermission(
      AuthRoleRevokePermissionRequest request,
      StreamObserver<AuthRoleRevokePermissionResponse> observer) {
    change(
        new Command.RoleRevokePermission(
            request.getRole(),
            FromProto.bytes(request.getKey()),
            FromProto.bytes(request.getRangeEnd())),
        observer,
        header -> AuthRoleRevokePermissionResponse.newBuilder().setHeader(header).build());
  }
}
