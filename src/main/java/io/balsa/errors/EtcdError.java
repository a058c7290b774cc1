package io.balsa.errors;

import static io.grpc.Status.Code.CANCELLED;
import static io.grpc.Status.Code.DATA_LOSS;
import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INTERNAL;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.OUT_OF_RANGE;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAUTHENTICATED;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.grpc.Status.Code.UNKNOWN;

import io.balsa.lanes.Outcome;
import io.balsa.model.KvError;
import io.balsa.model.RequestError;
import io.balsa.rpc.WriteHeaders;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * etcd's errors. Clients compare the texts letter by letter, so they are part of the protocol and
 * never change.
 */
public enum EtcdError {
  EMPTY_KEY(INVALID_ARGUMENT, "key is not provided"),
  KEY_NOT_FOUND(INVALID_ARGUMENT, "key not found"),
  VALUE_PROVIDED(INVALID_ARGUMENT, "value is provided"),
  LEASE_PROVIDED(INVALID_ARGUMENT, "lease is provided"),
  TOO_MANY_OPS(INVALID_ARGUMENT, "too many operations in txn request"),
  DUPLICATE_KEY(INVALID_ARGUMENT, "duplicate key given in txn request"),
  INVALID_CLIENT_API_VERSION(INVALID_ARGUMENT, "invalid client api version"),
  INVALID_SORT_OPTION(INVALID_ARGUMENT, "invalid sort option"),
  BAD_MEMBER_URLS(INVALID_ARGUMENT, "given member URLs are invalid"),
  REQUEST_TOO_LARGE(INVALID_ARGUMENT, "request is too large"),
  EMPTY_USER_NAME(INVALID_ARGUMENT, "user name is empty"),
  EMPTY_ROLE_NAME(INVALID_ARGUMENT, "role name is empty"),
  AUTH_FAILED(INVALID_ARGUMENT, "authentication failed, invalid user ID or password"),
  PERMISSION_NOT_GIVEN(INVALID_ARGUMENT, "permission not given"),
  INVALID_AUTH_MANAGEMENT(INVALID_ARGUMENT, "invalid auth management"),
  AUTH_OLD_REVISION(INVALID_ARGUMENT, "revision of auth store is old"),
  WRONG_DOWNGRADE_FORMAT(INVALID_ARGUMENT, "wrong downgrade target version format"),
  INVALID_DOWNGRADE_TARGET(INVALID_ARGUMENT, "invalid downgrade target version"),

  COMPACTED(OUT_OF_RANGE, "mvcc: required revision has been compacted"),
  FUTURE_REVISION(OUT_OF_RANGE, "mvcc: required revision is a future revision"),
  LEASE_TTL_TOO_LARGE(OUT_OF_RANGE, "too large lease TTL"),

  NO_SPACE(RESOURCE_EXHAUSTED, "mvcc: database space exceeded"),
  TOO_MANY_REQUESTS(RESOURCE_EXHAUSTED, "too many requests"),
  TOO_FAST(
      RESOURCE_EXHAUSTED,
      "too many requests of one user, nothing was done, send fewer a second, or raise"
          + " --limit-requests-per-user"),
  HEAP_NEARLY_FULL(
      RESOURCE_EXHAUSTED,
      "the heap is nearly full and large reads wait, nothing was done, try again in some seconds,"
          + " or read at most 100 keys at once"),
  RESPONSE_TOO_LARGE(
      RESOURCE_EXHAUSTED,
      "the answer is larger than --max-response-bytes: read it in pages (limit), or with"
          + " RangeStream"),
  ANSWER_TOO_LARGE(
      RESOURCE_EXHAUSTED,
      "the answer would be larger than 8 MiB and nothing was done, ask for less or without"
          + " prev_kv"),
  TXN_TOO_LARGE(
      RESOURCE_EXHAUSTED,
      "the transaction visits more than 100000 keys or 100 MiB and nothing was done, use smaller"
          + " ranges or read outside of it"),
  NO_ROOM(
      RESOURCE_EXHAUSTED,
      "answers wait for their readers and leave no room, nothing was done, try again later"),
  ANSWER_DROPPED(
      RESOURCE_EXHAUSTED, "the write was done, but there is no room for its answer: read it"),
  TOO_MANY_DELETIONS(
      RESOURCE_EXHAUSTED,
      "large deletions are under way, 64 of them or one of these keys, and nothing was done, try"
          + " again when it is over"),
  TOO_MANY_LEASES(
      RESOURCE_EXHAUSTED, "there are 250000 leases, revoke some or let one lease hold many keys"),
  TOO_MANY_AUTH_ENTRIES(
      RESOURCE_EXHAUSTED,
      "there are too many users, roles, permissions or grants and nothing was done, delete some or"
          + " let users share roles"),
  AUTH_NAME_TOO_LONG(
      INVALID_ARGUMENT, "a name of a user or role has at most 1024 bytes, choose a shorter one"),

  REVISION_TOO_LARGE(
      RESOURCE_EXHAUSTED,
      "one revision has more events than fit into one answer here, watch with fragment, or over"
          + " gRPC instead of JSON"),

  LEASE_NOT_FOUND(NOT_FOUND, "requested lease not found"),
  MEMBER_NOT_FOUND(NOT_FOUND, "member not found"),

  LEASE_EXISTS(FAILED_PRECONDITION, "lease already exists"),
  MEMBER_EXISTS(FAILED_PRECONDITION, "member ID already exist"),
  PEER_URL_EXISTS(FAILED_PRECONDITION, "Peer URLs already exists"),
  NOT_ENOUGH_STARTED(
      FAILED_PRECONDITION, "re-configuration failed due to not enough started members"),
  NOT_A_LEARNER(FAILED_PRECONDITION, "can only promote a learner member"),
  LEARNER_NOT_READY(
      FAILED_PRECONDITION, "can only promote a learner member which is in sync with leader"),
  TOO_MANY_LEARNERS(FAILED_PRECONDITION, "too many learner members in cluster"),
  CLUSTER_ID_MISMATCH(FAILED_PRECONDITION, "cluster ID mismatch"),
  ROOT_USER_MISSING(FAILED_PRECONDITION, "root user does not exist"),
  ROOT_ROLE_MISSING(FAILED_PRECONDITION, "root user does not have root role"),
  USER_EXISTS(FAILED_PRECONDITION, "user name already exists"),
  USER_NOT_FOUND(FAILED_PRECONDITION, "user name not found"),
  ROLE_EXISTS(FAILED_PRECONDITION, "role name already exists"),
  ROLE_NOT_FOUND(FAILED_PRECONDITION, "role name not found"),
  ROLE_NOT_GRANTED(FAILED_PRECONDITION, "role is not granted to the user"),
  PERMISSION_NOT_GRANTED(FAILED_PRECONDITION, "permission is not granted to the role"),
  AUTH_NOT_ENABLED(FAILED_PRECONDITION, "authentication is not enabled"),
  NOT_LEADER(FAILED_PRECONDITION, "not leader"),
  NOT_CAPABLE(FAILED_PRECONDITION, "not capable"),
  NOT_FOR_LEARNER(FAILED_PRECONDITION, "rpc not supported for learner"),
  BAD_TRANSFEREE(FAILED_PRECONDITION, "bad leader transferee"),
  CLUSTER_VERSION_UNAVAILABLE(FAILED_PRECONDITION, "cluster version not found during downgrade"),
  DOWNGRADE_IN_PROGRESS(FAILED_PRECONDITION, "cluster has a downgrade job in progress"),

  SEQUENCE_FORGOTTEN(
      FAILED_PRECONDITION, WriteHeaders.FORGOTTEN + ", the write may have been done before"),
  RESULT_TOO_LARGE(FAILED_PRECONDITION, "the write was done before, its answer was not kept"),

  ANSWER_FAILED(INTERNAL, "it was done, but its answer could not be made"),

  DENIED(PERMISSION_DENIED, "permission denied"),
  INVALID_TOKEN(UNAUTHENTICATED, "invalid auth token"),

  NO_LEADER(UNAVAILABLE, "no leader"),
  LEADER_CHANGED(UNAVAILABLE, "leader changed"),
  STOPPED(UNAVAILABLE, "server stopped"),
  TIMED_OUT(UNAVAILABLE, "request timed out"),
  TIMED_OUT_LEADER_LOST(UNAVAILABLE, "request timed out, possibly due to previous leader failure"),
  TIMED_OUT_CONNECTION_LOST(UNAVAILABLE, "request timed out, possibly due to connection lost"),
  TIMED_OUT_APPLYING(UNAVAILABLE, "request timed out, waiting for the applied index took too long"),
  UNHEALTHY(UNAVAILABLE, "unhealthy cluster"),
  WATCH_CUT_SHORT(UNAVAILABLE, "the watch cannot go on here, begin again where it was"),

  READ_FAILED(INTERNAL, "the read failed by a fault of this server's, see its log"),

  CORRUPT(DATA_LOSS, "corrupt cluster"),

  WATCH_CANCELED(CANCELLED, "watch canceled"),
  REQUEST_CANCELED(CANCELLED, "request canceled"),

  TRANSFER_TIMED_OUT(UNKNOWN, "request timed out, leader transfer took too long");

  @SuppressWarnings("ImmutableEnumChecker") // its stack trace is never changed
  private final StatusRuntimeException exception;

  EtcdError(Status.Code code, String text) {
    exception = code.toStatus().withDescription("etcdserver: " + text).asRuntimeException();
  }

  /** The code and the complete text. */
  public Status status() {
    return exception.getStatus();
  }

  /**
   * The error as an exception. It is made only once, so that a refusal costs no more than an
   * answer.
   */
  public StatusRuntimeException exception() {
    return exception;
  }

  /** The error of an invalid request. */
  public static EtcdError of(RequestError error) {
    return switch (error) {
      case KEY_NOT_PROVIDED -> EMPTY_KEY;
      case VALUE_PROVIDED -> VALUE_PROVIDED;
      case LEASE_PROVIDED -> LEASE_PROVIDED;
      case INVALID_SORT_OPTION -> INVALID_SORT_OPTION;
      case EMPTY_OPERATION -> KEY_NOT_FOUND;
      case TOO_MANY_OPERATIONS -> TOO_MANY_OPS;
      case DUPLICATE_KEY -> DUPLICATE_KEY;
    };
  }

  /** The error of a refusal by the store. */
  public static EtcdError of(KvError error) {
    return switch (error) {
      case COMPACTED -> COMPACTED;
      case FUTURE_REVISION -> FUTURE_REVISION;
      case KEY_NOT_FOUND -> KEY_NOT_FOUND;
      case LEASE_NOT_FOUND -> LEASE_NOT_FOUND;
      case LEASE_EXISTS -> LEASE_EXISTS;
      case LEASE_TTL_TOO_LARGE -> LEASE_TTL_TOO_LARGE;
      case LEADER_CHANGED -> LEADER_CHANGED;
      case SEQUENCE_FORGOTTEN -> SEQUENCE_FORGOTTEN;
      case RESULT_TOO_LARGE -> RESULT_TOO_LARGE;
      case ANSWER_TOO_LARGE -> ANSWER_TOO_LARGE;
      case TXN_TOO_LARGE -> TXN_TOO_LARGE;
      case TOO_MANY_DELETIONS -> TOO_MANY_DELETIONS;
      case TOO_MANY_LEASES -> TOO_MANY_LEASES;
      case USER_EMPTY -> EMPTY_USER_NAME;
      case PERMISSION_DENIED -> DENIED;
      case AUTH_OLD_REVISION -> AUTH_OLD_REVISION;
      case USER_EXISTS -> USER_EXISTS;
      case USER_NOT_FOUND -> USER_NOT_FOUND;
      case ROLE_EMPTY -> EMPTY_ROLE_NAME;
      case ROLE_EXISTS -> ROLE_EXISTS;
      case ROLE_NOT_FOUND -> ROLE_NOT_FOUND;
      case ROLE_NOT_GRANTED -> ROLE_NOT_GRANTED;
      case PERMISSION_NOT_GRANTED -> PERMISSION_NOT_GRANTED;
      case PERMISSION_NOT_GIVEN -> PERMISSION_NOT_GIVEN;
      case AUTH_NOT_ENABLED -> AUTH_NOT_ENABLED;
      case AUTH_FAILED -> AUTH_FAILED;
      case ROOT_USER_MISSING -> ROOT_USER_MISSING;
      case ROOT_ROLE_MISSING -> ROOT_ROLE_MISSING;
      case INVALID_AUTH_MANAGEMENT -> INVALID_AUTH_MANAGEMENT;
      case TOO_MANY_AUTH_ENTRIES -> TOO_MANY_AUTH_ENTRIES;
      case AUTH_NAME_TOO_LONG -> AUTH_NAME_TOO_LONG;
      case NO_SPACE -> NO_SPACE;
      case CORRUPT -> CORRUPT;
    };
  }

  /** The error of a request that the node could not answer. */
  public static EtcdError of(Outcome.Failure failure) {
    return switch (failure) {
      case NO_LEADER -> NO_LEADER;
      case TIMED_OUT -> TIMED_OUT;
      case TIMED_OUT_LEADER_LOST -> TIMED_OUT_LEADER_LOST;
      case TOO_MANY_REQUESTS -> TOO_MANY_REQUESTS;
      case NO_ROOM -> NO_ROOM;
      case CANCELLED -> REQUEST_CANCELED;
      case ANSWER_DROPPED -> ANSWER_DROPPED;
      case ANSWER_FAILED -> ANSWER_FAILED;
      case RESPONSE_TOO_LARGE -> RESPONSE_TOO_LARGE;
      case READ_FAILED -> READ_FAILED;
      case STOPPED -> STOPPED;
      case NOT_LEADER -> NOT_LEADER;
      case BAD_TRANSFEREE -> BAD_TRANSFEREE;
      case TRANSFER_TIMED_OUT -> TRANSFER_TIMED_OUT;
    };
  }
}
