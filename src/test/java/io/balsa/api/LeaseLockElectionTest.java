package io.balsa.api;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.UnlockRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SharesCores
class LeaseLockElectionTest {
  private static OneServer one;
  private static ManagedChannel channel;
  private static LeaseGrpc.LeaseBlockingStub lease;
  private static KVGrpc.KVBlockingStub kv;

  @BeforeAll
  static void start() {
    one = OneServer.start();
    var address = one.server.addresses().getFirst();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", address.getPort()).usePlaintext().build();
    lease = LeaseGrpc.newBlockingStub(channel);
    kv = KVGrpc.newBlockingStub(channel);
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    one.close();
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static long grant(long ttl, long id) {
    return lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(ttl).setID(id).build()).getID();
  }

  private static void put(String key, long id) {
    kv.put(PutRequest.newBuilder().setKey(text(key)).setLease(id).build());
  }

  private static LeaseTimeToLiveResponse time(long id) {
    return lease.leaseTimeToLive(
        LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
  }

  private static long count(String key) {
    return kv.range(RangeRequest.newBuilder().setKey(text(key)).build()).getCount();
  }

  @Test
  void aLeaseHasItsTimeAndItsKeys() {
    assertThat(
            lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1).setID(55).build()).getTTL())
        .isEqualTo(2);
    long id = grant(60, 0);
    assertThat(id).isPositive();
    put("b", id);
    put("a", id);
    assertThat(time(id).getKeysList()).containsExactly(text("a"), text("b"));
    assertThat(time(id).getTTL()).isBetween(58L, 60L);
    assertThat(time(id).getGrantedTTL()).isEqualTo(60);
    assertThat(lease.leaseLeases(LeaseLeasesRequest.getDefaultInstance()).getLeasesList())
        .anyMatch(status -> status.getID() == id);
    put("b", 0);
    lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    assertThat(count("a")).isZero();
    assertThat(count("b")).isEqualTo(1);
    assertThat(time(id).getTTL()).isEqualTo(-1);
  }

  @Test
  void refusalsAreEtcds() {
    grant(60, 77);
    assertThatThrownBy(() -> grant(60, 77)).hasMessageContaining("lease already exists");
    assertThatThrownBy(() -> grant(9_000_000_001L, 0)).hasMessageContaining("too large lease TTL");
    assertThatThrownBy(() -> put("x", 4711)).hasMessageContaining("requested lease not found");
    assertThatThrownBy(() -> lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(4711).build()))
        .hasMessageContaining("requested lease not found");
  }

  @Test
  void aLeaseEndsByItselfAndNotEarly() {
    long id = grant(2, 0);
    put("short", id);
    long begun = System.nanoTime();
    long revision =
        kv.range(RangeRequest.newBuilder().setKey(text("short")).build())
            .getKvs(0)
            .getModRevision();
    while (count("short") == 1) {
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));
    assertThat(revision).isPositive();
    assertThat(time(id).getTTL()).isEqualTo(-1);
  }

  @Test
  void aKeepAliveGivesTheWholeTimeAndAnEndedLeaseNone() throws InterruptedException {
    BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<LeaseKeepAliveRequest> stream =
        LeaseGrpc.newStub(channel).leaseKeepAlive(OpenCall.into(answers::add));
    long id = grant(60, 0);
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    assertThat(answers.poll(10, TimeUnit.SECONDS).getTTL()).isEqualTo(60);
    lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    assertThat(answers.poll(10, TimeUnit.SECONDS).getTTL()).isZero();
    stream.onCompleted();
  }

  @Test
  void aLockGoesFromHandToHand() throws Exception {
    long first = grant(60, 0);
    long second = grant(60, 0);
    var held = LockGrpc.newBlockingStub(channel).lock(lock(first));
    assertThat(held.getKey()).isEqualTo(text("l/" + Long.toHexString(first)));
    assertThat(LockGrpc.newBlockingStub(channel).lock(lock(first)).getKey())
        .isEqualTo(held.getKey());
    var waiting = LockGrpc.newFutureStub(channel).lock(lock(second));
    assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    LockGrpc.newBlockingStub(channel)
        .unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());
    assertThat(waiting.get(10, TimeUnit.SECONDS).getKey())
        .isEqualTo(text("l/" + Long.toHexString(second)));
  }

  private static LockRequest lock(long lease) {
    return LockRequest.newBuilder().setName(text("l")).setLease(lease).build();
  }

  @Test
  void anElectionHasOneLeaderAtATime() throws Exception {
    var election = ElectionGrpc.newBlockingStub(channel);
    LeaderRequest who = LeaderRequest.newBuilder().setName(text("e")).build();
    assertThatThrownBy(() -> election.leader(who)).hasMessageContaining("election: no leader");
    BlockingQueue<io.balsa.proto.v3electionpb.LeaderResponse> seen = new LinkedBlockingQueue<>();
    ElectionGrpc.newStub(channel).observe(who, OpenCall.into(seen::add));
    var won = election.campaign(candidate(grant(60, 0), "one"));
    assertThat(seen.poll(10, TimeUnit.SECONDS).getKv().getValue()).isEqualTo(text("one"));
    var next = ElectionGrpc.newFutureStub(channel).campaign(candidate(grant(60, 0), "two"));
    election.proclaim(
        ProclaimRequest.newBuilder().setLeader(won.getLeader()).setValue(text("uno")).build());
    assertThat(seen.poll(10, TimeUnit.SECONDS).getKv().getValue()).isEqualTo(text("uno"));
    assertThat(election.leader(who).getKv().getKey()).isEqualTo(won.getLeader().getKey());
    election.resign(ResignRequest.newBuilder().setLeader(won.getLeader()).build());
    assertThat(next.get(10, TimeUnit.SECONDS).getLeader().getRev())
        .isGreaterThan(won.getLeader().getRev());
    assertThat(seen.poll(10, TimeUnit.SECONDS).getKv().getValue()).isEqualTo(text("two"));
    assertThatThrownBy(
            () ->
                election.proclaim(ProclaimRequest.newBuilder().setLeader(won.getLeader()).build()))
        .hasMessageContaining("election: not leader");
    assertThatThrownBy(() -> election.proclaim(ProclaimRequest.getDefaultInstance()))
        .hasMessageContaining("\"leader\" field must be provided");
  }

  private static CampaignRequest candidate(long lease, String value) {
    return CampaignRequest.newBuilder()
        .setName(text("e"))
        .setLease(lease)
        .setValue(text(value))
        .build();
  }

  @Test
  void whoCampaignsWithALeaseThatEndedLosesTheKeyOfItsName() {
    var election = ElectionGrpc.newBlockingStub(channel);
    long ended = grant(60, 0);
    var won = election.campaign(candidate(ended, "one")).getLeader();
    election.proclaim(
        ProclaimRequest.newBuilder()
            .setLeader(won.toBuilder().setLease(grant(60, 0)))
            .setValue(text("one"))
            .build());
    lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(ended).build());
    assertThat(count(won.getKey().toStringUtf8())).isEqualTo(1);
    assertThatThrownBy(() -> election.campaign(candidate(ended, "other")))
        .hasMessageContaining("requested lease not found");
    assertThat(count(won.getKey().toStringUtf8())).isZero();
  }

  @Test
  void aWaiterThatGivesUpLeavesTheQueue() throws Exception {
    long first = grant(60, 0);
    var held =
        LockGrpc.newBlockingStub(channel)
            .lock(LockRequest.newBuilder().setName(text("q")).setLease(first).build());
    long second = grant(60, 0);
    var waiting =
        LockGrpc.newFutureStub(channel)
            .lock(LockRequest.newBuilder().setName(text("q")).setLease(second).build());
    String key = "q/" + Long.toHexString(second);
    until(() -> count(key) == 1);
    assertThat(waiting.cancel(true)).isTrue();
    until(() -> count(key) == 0);
    kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(held.getKey()).build());
  }
}
