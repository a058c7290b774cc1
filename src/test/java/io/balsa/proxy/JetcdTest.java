package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.watch.WatchEvent;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** etcd's Java client with three servers, while leaders end. */
@SharesCores
@Timeout(90)
class JetcdTest {
  private static final long LEASE_SECONDS = 5;

  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> workers = new ArrayList<>();
  private final List<Throwable> broken = new CopyOnWriteArrayList<>();
  private RealServers servers;
  private Client client;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    until(() -> servers.leader() != 0);
    client = connect();
  }

  @AfterEach
  void close() throws Exception {
    over.set(true);
    client.close();
    servers.close();
  }

  private Client connect() {
    return Client.builder()
        .endpoints(servers.addresses().stream().map(JetcdTest::url).toArray(String[]::new))
        .build();
  }

  private static String url(HostPort address) {
    return "http://" + address.host() + ":" + address.port();
  }

  private static ByteSequence text(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  /** A task that repeats until the end of the test. */
  @FunctionalInterface
  private interface Work {
    void round(int number) throws ExecutionException, TimeoutException, InterruptedException;
  }

  private void goOn(Work work) {
    workers.add(Thread.ofVirtual().start(() -> repeat(work)));
  }

  private void repeat(Work work) {
    for (int i = 0; !over.get(); i++) {
      try {
        work.round(i);
      } catch (ExecutionException | TimeoutException _) {
        LockSupport.parkNanos(1_000_000); // the operation may fail
      } catch (InterruptedException | RuntimeException | AssertionError e) { // thread root: kept
        broken.add(e);
        return;
      }
    }
  }

  /** Ends the leader several times, with pauses in which the tasks continue. */
  private void endLeaders(int count, AtomicInteger progress) throws Exception {
    for (int i = 0; i < count; i++) {
      int before = progress.get();
      until(() -> progress.get() > before + 30 || !broken.isEmpty());
      long leader = servers.untilOneLeads();
      servers.stop(leader);
      int after = progress.get();
      until(() -> progress.get() > after + 30 || !broken.isEmpty());
      servers.start(leader);
    }
    over.set(true);
    for (Thread worker : workers) {
      worker.join();
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void aWatcherIsToldEachEventOnceAndInOrder() throws Exception {
    Map<Long, String> acknowledged = new ConcurrentSkipListMap<>();
    Map<Long, String> told = new TreeMap<>();
    AtomicLong last = new AtomicLong();
    AtomicInteger progress = new AtomicInteger();
    WatchOption all = WatchOption.builder().isPrefix(true).withRevision(1).build();
    try (Watch.Watcher _ =
        client
            .getWatchClient()
            .watch(
                text("w/"),
                all,
                Watch.listener(
                    response -> response.getEvents().forEach(event -> tell(event, told, last))))) {
      for (int w = 0; w < 3; w++) {
        int writer = w;
        goOn(
            i -> {
              String key = "w/" + writer + "/" + i;
              PutResponse put =
                  client.getKVClient().put(text(key), text(key)).get(10, TimeUnit.SECONDS);
              acknowledged.put(put.getHeader().getRevision(), key);
              progress.incrementAndGet();
            });
      }
      endLeaders(2, progress);
      long newest = acknowledged.keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
      until(() -> last.get() >= newest);
      synchronized (told) {
        assertThat(told).containsAllEntriesOf(acknowledged);
        assertThat(told.values()).doesNotHaveDuplicates();
      }
    }
    assertThat(broken).isEmpty();
  }

  private void tell(WatchEvent event, Map<Long, String> told, AtomicLong last) {
    long revision = event.getKeyValue().getModRevision();
    if (revision <= last.get()) {
      broken.add(new AssertionError("revision " + revision + " came after " + last.get()));
    }
    synchronized (told) {
      told.put(revision, event.getKeyValue().getKey().toString(UTF_8));
    }
    last.set(revision);
  }

  @Test
  void aLeaseThatIsRenewedLivesAndOneThatIsNotEndsInTime() throws Exception {
    long id = client.getLeaseClient().grant(LEASE_SECONDS).get().getID();
    PutOption attached = PutOption.builder().withLeaseId(id).build();
    client.getKVClient().put(text("leased"), text("x"), attached).get();
    AtomicLong renewed = new AtomicLong(System.nanoTime());
    AtomicInteger progress = new AtomicInteger();
    long begun = System.nanoTime();
    try (CloseableClient _ = client.getLeaseClient().keepAlive(id, renewals(renewed))) {
      goOn(
          _ -> {
            assertThat(isThere("leased")).as("a renewed lease lives").isTrue();
            progress.incrementAndGet();
          });
      endLeaders(1, progress);
      until(() -> renewed.get() - begun > TimeUnit.SECONDS.toNanos(LEASE_SECONDS) / 3);
    }
    until(() -> !isThereAtLast("leased"));
    assertThat(System.nanoTime() - renewed.get())
        .isGreaterThan(
            TimeUnit.SECONDS.toNanos(LEASE_SECONDS) - TimeUnit.MILLISECONDS.toNanos(200));
  }

  private static StreamObserver<LeaseKeepAliveResponse> renewals(AtomicLong renewed) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LeaseKeepAliveResponse response) {
        renewed.set(System.nanoTime());
      }

      @Override
      public void onError(Throwable failure) {
        // the deletion of the key shows it
      }

      @Override
      public void onCompleted() {
        // as above
      }
    };
  }

  private boolean isThere(String key)
      throws InterruptedException, ExecutionException, TimeoutException {
    return client.getKVClient().get(text(key)).get(10, TimeUnit.SECONDS).getCount() > 0;
  }

  private boolean isThereAtLast(String key) throws InterruptedException {
    try {
      return isThere(key);
    } catch (ExecutionException | TimeoutException _) { // the loop asks again
      return true;
    }
  }

  @Test
  void aLockHasOneHolder() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger progress = new AtomicInteger();
    List<Client> contenders = List.of(connect(), connect(), connect());
    for (Client contender : contenders) {
      long lease = contender.getLeaseClient().grant(60).get().getID();
      goOn(
          _ -> {
            ByteSequence key =
                contender.getLockClient().lock(text("m"), lease).get(15, TimeUnit.SECONDS).getKey();
            assertThat(holders.incrementAndGet()).as("holders").isEqualTo(1);
            assertThat(
                    client
                        .getKVClient()
                        .get(text("m/"), GetOption.builder().isPrefix(true).build())
                        .handle((found, _) -> true)
                        .get(10, TimeUnit.SECONDS))
                .isTrue();
            holders.decrementAndGet();
            contender.getLockClient().unlock(key).get(10, TimeUnit.SECONDS);
            progress.incrementAndGet();
          });
    }
    endLeaders(1, progress);
    contenders.forEach(Client::close);
  }

  @Test
  void anElectionHasOneLeaderAtATime() throws Exception {
    AtomicInteger leaders = new AtomicInteger();
    AtomicInteger progress = new AtomicInteger();
    List<Client> candidates = List.of(connect(), connect());
    for (Client candidate : candidates) {
      long lease = candidate.getLeaseClient().grant(60).get().getID();
      Election election = candidate.getElectionClient();
      goOn(
          i -> {
            CampaignResponse won =
                election.campaign(text("e"), lease, text("v")).get(15, TimeUnit.SECONDS);
            assertThat(leaders.incrementAndGet()).as("leaders").isEqualTo(1);
            election
                .proclaim(won.getLeader(), text("v" + i))
                .handle((_, _) -> true)
                .get(10, TimeUnit.SECONDS);
            LeaderResponse leader = election.leader(text("e")).handle((r, _) -> r).get();
            if (leader != null) {
              assertThat(leader.getKv().getLease()).isEqualTo(lease);
            }
            leaders.decrementAndGet();
            election.resign(won.getLeader()).get(10, TimeUnit.SECONDS);
            progress.incrementAndGet();
          });
    }
    endLeaders(1, progress);
    candidates.forEach(Client::close);
  }

  private long revisionOf(HostPort address) {
    return client
        .getMaintenanceClient()
        .statusMember(url(address))
        .join()
        .getHeader()
        .getRevision();
  }

  @Test
  void maintenanceIsThere() throws Exception {
    var maintenance = client.getMaintenanceClient();
    long written = client.getKVClient().put(text("k"), text("v")).get().getHeader().getRevision();
    long leader = servers.leader();
    for (HostPort address : servers.addresses()) {
      until(() -> revisionOf(address) >= written);
      var status = maintenance.statusMember(url(address)).get();
      assertThat(status.getLeader()).isEqualTo(leader);
      assertThat(status.getVersion()).startsWith("3.");
      assertThat(maintenance.hashKV(url(address), 2).get().getHash()).isNotZero();
      assertThat(maintenance.defragmentMember(url(address)).get()).isNotNull();
    }
    assertThat(maintenance.listAlarms().get().getAlarms()).isEmpty();
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    assertThat(maintenance.snapshot(snapshot).get()).isEqualTo(snapshot.size()).isPositive();
    try (Client atTheLeader =
        Client.builder().endpoints(url(servers.addresses().get((int) leader - 1))).build()) {
      atTheLeader.getMaintenanceClient().moveLeader(leader == 1 ? 2 : 1).get();
    }
    until(() -> servers.leader() != leader && servers.leader() != 0);
  }
}
