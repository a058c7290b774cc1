package io.balsa.api;

import static io.balsa.api.AccessBench.INNER;
import static io.balsa.api.AccessBench.OUTER;
import static io.balsa.api.AccessBench.utf8;
import static io.balsa.api.AccessNeed.LOGIN;
import static io.balsa.api.AccessNeed.OTHER_KEYS;
import static io.balsa.api.AccessNeed.READ;
import static io.balsa.api.AccessNeed.READ_AND_WRITE;
import static io.balsa.api.AccessNeed.WRITE;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.UnlockRequest;
import java.util.ArrayList;
import java.util.List;

/** The rows of Watch, Lease, Lock and Election. */
final class AccessStreamRows {
  private static final String NO_LEASE = "NOT_FOUND etcdserver: requested lease not found";

  private final List<AccessRow<?>> rows = new ArrayList<>();

  private AccessStreamRows() {}

  static List<AccessRow<?>> all() {
    AccessStreamRows made = new AccessStreamRows();
    made.watches();
    made.leases();
    made.leaseQuestions();
    made.locks();
    made.elections();
    made.leaders();
    return made.rows;
  }

  private void watches() {
    ByteString noEnd = ByteString.copyFrom(new byte[1]);
    watch("a key", READ, watch(INNER));
    watch("another key", OTHER_KEYS, watch(OUTER));
    watch("the whole right", READ, watch("m").setRangeEnd(utf8("n")));
    watch("one key more at the end", OTHER_KEYS, watch("m").setRangeEnd(utf8("n\0")));
    watch("a range beside the right", OTHER_KEYS, watch("n").setRangeEnd(utf8("o")));
    watch("from a key on", OTHER_KEYS, watch("m").setRangeEnd(noEnd));
    watch("the whole store", OTHER_KEYS, watch("\0").setRangeEnd(noEnd));
    watch("no key, from the first on", OTHER_KEYS, watch("").setRangeEnd(noEnd));
    for (String key : List.of(INNER, OUTER)) {
      AccessNeed need = key.equals(INNER) ? READ : OTHER_KEYS;
      watch("prev_kv of " + key, need, watch(key).setPrevKv(true));
      watch("the past of " + key, need, watch(key).setStartRevision(2).setPrevKv(true));
      watch("the future of " + key, need, watch(key).setStartRevision(1L << 40));
      watch("progress of " + key, need, watch(key).setProgressNotify(true));
      watch("fragments of " + key, need, watch(key).setFragment(true));
      for (var filter :
          List.of(WatchCreateRequest.FilterType.NOPUT, WatchCreateRequest.FilterType.NODELETE)) {
        watch(filter + " of " + key, need, watch(key).addFilters(filter));
      }
    }
  }

  private static WatchCreateRequest.Builder watch(String key) {
    return WatchCreateRequest.newBuilder().setKey(utf8(key));
  }

  private void watch(String what, AccessNeed need, WatchCreateRequest.Builder request) {
    rows.add(
        AccessRow.of(
            WatchGrpc.getWatchMethod(),
            what,
            need,
            WatchRequest.newBuilder().setCreateRequest(request).build()));
  }

  /** A lease's attached key, and the right that the key needs; no key and no right but a login. */
  private record Attached(String what, String key, boolean inside) {
    AccessNeed need(AccessNeed ifInside) {
      if (key.isEmpty()) {
        return LOGIN;
      }
      return inside ? ifInside : OTHER_KEYS;
    }
  }

  private static final List<Attached> ATTACHED =
      List.of(
          new Attached("a lease without keys", "", true),
          new Attached("a lease with a key", INNER, true),
          new Attached("a lease with another key", OUTER, false));

  private void leases() {
    rows.add(
        AccessRow.of(
            LeaseGrpc.getLeaseGrantMethod(),
            "",
            LOGIN,
            LeaseGrantRequest.newBuilder().setTTL(60).build()));
    for (Attached keys : ATTACHED) {
      rows.add(
          AccessRow.made(
              LeaseGrpc.getLeaseRevokeMethod(),
              keys.what(),
              keys.need(WRITE),
              (at, _) -> LeaseRevokeRequest.newBuilder().setID(at.leaseOf(keys.key())).build()));
      rows.add(
          AccessRow.made(
              LeaseGrpc.getLeaseKeepAliveMethod(),
              keys.what(),
              keys.need(WRITE),
              (at, _) -> LeaseKeepAliveRequest.newBuilder().setID(at.leaseOf(keys.key())).build()));
    }
    rows.add(
        AccessRow.of(
                LeaseGrpc.getLeaseRevokeMethod(),
                "an unknown lease",
                LOGIN,
                LeaseRevokeRequest.newBuilder().setID(99).build())
            .failing(NO_LEASE));
    rows.add(
        AccessRow.of(
            LeaseGrpc.getLeaseKeepAliveMethod(),
            "an unknown lease",
            LOGIN,
            LeaseKeepAliveRequest.newBuilder().setID(99).build()));
  }

  private void leaseQuestions() {
    for (Attached keys : ATTACHED) {
      for (boolean told : new boolean[] {false, true}) {
        rows.add(
            AccessRow.made(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                keys.what() + (told ? ", keys" : ""),
                told ? keys.need(READ) : LOGIN,
                (at, _) ->
                    LeaseTimeToLiveRequest.newBuilder()
                        .setID(at.leaseOf(keys.key()))
                        .setKeys(told)
                        .build()));
      }
      rows.add(
          AccessRow.made(
              LeaseGrpc.getLeaseLeasesMethod(),
              keys.what(),
              keys.need(READ),
              (at, _) -> {
                long _ = at.leaseOf(keys.key());
                return LeaseLeasesRequest.getDefaultInstance();
              }));
    }
    rows.add(
        AccessRow.of(
            LeaseGrpc.getLeaseTimeToLiveMethod(),
            "an unknown lease, keys",
            LOGIN,
            LeaseTimeToLiveRequest.newBuilder().setID(99).setKeys(true).build()));
  }

  private void locks() {
    var lock = LockGrpc.getLockMethod();
    for (String name : List.of("m/lock", "z/lock")) {
      AccessNeed need = name.startsWith("m") ? READ_AND_WRITE : OTHER_KEYS;
      rows.add(
          AccessRow.made(
              lock,
              name,
              need,
              (at, _) -> LockRequest.newBuilder().setName(utf8(at.unique(name))).build()));
      rows.add(
          AccessRow.made(
              lock,
              name + " with a lease of other keys",
              OTHER_KEYS,
              (at, _) ->
                  LockRequest.newBuilder()
                      .setName(utf8(at.unique(name)))
                      .setLease(at.leaseOf(OUTER))
                      .build()));
    }
    var unlock = LockGrpc.getUnlockMethod();
    for (String key : List.of(INNER, OUTER)) {
      AccessNeed need = key.equals(INNER) ? WRITE : OTHER_KEYS;
      rows.add(
          AccessRow.of(unlock, key, need, UnlockRequest.newBuilder().setKey(utf8(key)).build()));
    }
  }

  private void elections() {
    var campaign = ElectionGrpc.getCampaignMethod();
    for (String name : List.of("m/election", "z/election")) {
      AccessNeed need = name.startsWith("m") ? READ_AND_WRITE : OTHER_KEYS;
      rows.add(
          AccessRow.made(
              campaign,
              name,
              need,
              (at, _) -> CampaignRequest.newBuilder().setName(utf8(at.unique(name))).build()));
      rows.add(
          AccessRow.made(
              campaign,
              name + " with a lease of other keys",
              OTHER_KEYS,
              (at, _) ->
                  CampaignRequest.newBuilder()
                      .setName(utf8(at.unique(name)))
                      .setLease(at.leaseOf(OUTER))
                      .build()));
      rows.add(
          AccessRow.made(
              ElectionGrpc.getProclaimMethod(),
              name,
              need,
              (at, _) -> ProclaimRequest.newBuilder().setLeader(at.election(name)).build()));
      rows.add(
          AccessRow.made(
              ElectionGrpc.getResignMethod(),
              name,
              need,
              (at, _) -> ResignRequest.newBuilder().setLeader(at.election(name)).build()));
    }
  }

  private void leaders() {
    for (String name : List.of("m/election", "z/election")) {
      AccessNeed need = name.startsWith("m") ? READ : OTHER_KEYS;
      for (var method : List.of(ElectionGrpc.getLeaderMethod(), ElectionGrpc.getObserveMethod())) {
        rows.add(
            AccessRow.made(
                method,
                name,
                need,
                (at, _) ->
                    LeaderRequest.newBuilder().setName(at.election(name).getName()).build()));
      }
    }
    rows.add(
        AccessRow.of(
                ElectionGrpc.getLeaderMethod(),
                "an election that nobody has won",
                READ,
                LeaderRequest.newBuilder().setName(utf8("m/none")).build())
            .failing("UNKNOWN election: no leader"));
  }
}
