package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.LeaderKey;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.UnlockRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Locks and elections with clients that wait, cancel, lose their leases and change the keys. */
final class ConcurrencyDice implements RandomSteps {
  private static final List<String> LOCKS = List.of("m", "m", "n", "m/");
  private static final List<String> ELECTIONS = List.of("e", "e", "f");
  private static final List<String> VALUES = List.of("x", "y", "z", "");
  private static final int LEASES = 5;
  private static final int WAITERS = 8;
  private static final int OBSERVER = 20;
  private static final Pattern LEADER =
      Pattern.compile("kv \\{ key: \"(\\w+)/(\\d+)\" create_revision: (\\d+)");

  private final Die die;
  // with a lease, because otherwise the server would choose one
  private LeaderKey leader = LeaderKey.newBuilder().setLease(1).build();
  private int fresh;

  ConcurrencyDice(long seed) {
    die = new Die(seed);
  }

  @Override
  public void saw(Step step, String answer) {
    Matcher matcher = LEADER.matcher(answer);
    if (step instanceof Step.Call call && call.rpc() == Rpc.LEADER && matcher.find()) {
      String name = matcher.group(1);
      leader =
          LeaderKey.newBuilder()
              .setName(ByteString.copyFromUtf8(name))
              .setKey(ByteString.copyFromUtf8(name + "/" + matcher.group(2)))
              .setRev(Long.parseLong(matcher.group(3)))
              .setLease(Long.parseLong(matcher.group(2)))
              .build();
    }
  }

  @Override
  public Step next() {
    boolean json = die.chance(20);
    int kind = die.upTo(100);
    if (kind < 14) {
      LeaseGrantRequest grant =
          LeaseGrantRequest.newBuilder().setID(1 + die.upTo(LEASES)).setTTL(3_600).build();
      return new Step.Call(json, Rpc.GRANT, grant);
    } else if (kind < 19) {
      LeaseRevokeRequest revoke = LeaseRevokeRequest.newBuilder().setID(lease()).build();
      return new Step.Call(json, Rpc.REVOKE, revoke);
    } else if (kind < 32) {
      return new Step.Open(1 + die.upTo(WAITERS), json, Rpc.LOCK, List.of(lock()));
    } else if (kind < 44) {
      return new Step.Call(json, Rpc.UNLOCK, unlock());
    } else if (kind < 56) {
      return new Step.Open(1 + die.upTo(WAITERS), json, Rpc.CAMPAIGN, List.of(campaign()));
    } else if (kind < 60) {
      return new Step.Leave(1 + die.upTo(WAITERS));
    } else if (kind < 72) {
      return new Step.Call(json, Rpc.LEADER, who());
    } else if (kind < 78) {
      return new Step.Call(json, Rpc.PROCLAIM, proclaim());
    } else if (kind < 84) {
      return new Step.Call(json, Rpc.RESIGN, resign());
    } else if (kind < 87) {
      return die.chance(70)
          ? new Step.Open(OBSERVER, json, Rpc.OBSERVE, List.of(who()))
          : new Step.Leave(OBSERVER);
    } else if (kind < 90) {
      return brief();
    } else if (kind < 93) {
      return meddle(json);
    }
    return new Step.Call(json, Rpc.RANGE, all());
  }

  private long lease() {
    return 1L + die.upTo(LEASES + (die.chance(5) ? 2 : 0));
  }

  private LockRequest lock() {
    return LockRequest.newBuilder().setName(die.text(LOCKS)).setLease(lease()).build();
  }

  private UnlockRequest unlock() {
    String key = die.one(LOCKS) + "/" + lease();
    return UnlockRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(die.chance(3) ? "" : key))
        .build();
  }

  private CampaignRequest campaign() {
    return CampaignRequest.newBuilder()
        .setName(die.text(ELECTIONS))
        .setLease(lease())
        .setValue(die.text(VALUES))
        .build();
  }

  private LeaderRequest who() {
    return LeaderRequest.newBuilder().setName(die.text(ELECTIONS)).build();
  }

  private LeaderKey leader() {
    return switch (die.upTo(12)) {
      case 0 -> leader.toBuilder().setRev(leader.getRev() - 1).build();
      case 1 -> leader.toBuilder().setKey(ByteString.copyFromUtf8("e/1")).build();
      case 2 -> leader.toBuilder().setLease(lease()).build();
      case 3 -> leader.toBuilder().clearName().build();
      default -> leader;
    };
  }

  private ProclaimRequest proclaim() {
    ProclaimRequest.Builder proclaim = ProclaimRequest.newBuilder().setValue(die.text(VALUES));
    return die.chance(8) ? proclaim.build() : proclaim.setLeader(leader()).build();
  }

  private ResignRequest resign() {
    return die.chance(8)
        ? ResignRequest.getDefaultInstance()
        : ResignRequest.newBuilder().setLeader(leader()).build();
  }

  private Step brief() {
    Message request;
    Rpc rpc;
    ByteString name = ByteString.copyFromUtf8("fresh" + fresh++);
    if (die.chance(50)) {
      rpc = Rpc.LOCK;
      request = LockRequest.newBuilder().setName(name).build();
    } else {
      rpc = Rpc.CAMPAIGN;
      request = CampaignRequest.newBuilder().setName(name).build();
    }
    return new Step.Brief(rpc, request);
  }

  /** A client writes below a lock's name without the lock. */
  private Step meddle(boolean json) {
    ByteString key =
        ByteString.copyFromUtf8(die.one(LOCKS) + "/" + die.one(List.of("0", "1", "x")));
    return die.chance(40)
        ? new Step.Call(json, Rpc.PUT, PutRequest.newBuilder().setKey(key).build())
        : new Step.Call(json, Rpc.DELETE, DeleteRangeRequest.newBuilder().setKey(key).build());
  }

  private static RangeRequest all() {
    ByteString from = ByteString.copyFrom(new byte[1]);
    return RangeRequest.newBuilder().setKey(from).setRangeEnd(from).build();
  }
}
