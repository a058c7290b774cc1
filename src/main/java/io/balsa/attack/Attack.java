package io.balsa.attack;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest.SortOrder;
import io.balsa.proto.etcdserverpb.RangeRequest.SortTarget;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;

/** The attacks on a store with {@link AttackData}. The last ones delete the data. */
public enum Attack {
  PUT_1_MB("puts of 1 MiB", Storms::largePuts),
  READ_ALL("reads of every key", a -> a.ask(KVGrpc.getRangeMethod(), everything().build())),
  READ_ALL_KEYS(
      "reads of every key's name",
      a -> a.ask(KVGrpc.getRangeMethod(), everything().setKeysOnly(true).build())),
  STREAM_ALL(
      "streams of every key that are read",
      a -> a.ask(KVGrpc.getRangeStreamMethod(), everything().build())),
  SORT_ALL(
      "the largest value of all, sorted",
      a ->
          a.ask(
              KVGrpc.getRangeMethod(),
              everything()
                  .setSortTarget(SortTarget.VALUE)
                  .setSortOrder(SortOrder.DESCEND)
                  .setLimit(1)
                  .build())),
  READ_5_MB(
      "reads of 5 MB each",
      a ->
          a.ask(
              KVGrpc.getRangeMethod(), AttackRequests.all(AttackData.LARGE).setLimit(50).build())),
  COUNT_AND_LEAVE(
      "2,000 counts of the store whose clients leave",
      a -> a.askAndLeave(KVGrpc.getRangeMethod(), everything().setCountOnly(true).build(), 2_000)),
  UNREAD_GETS(
      "10,000 unread gets of a 1.4 MB key",
      a -> a.askUnread(KVGrpc.getRangeMethod(), AttackRequests.one(AttackData.HUGE), 10_000)),
  UNREAD_PAGES(
      "20,000 unread pages on pipelined connections",
      a ->
          a.askUnread(
              KVGrpc.getRangeMethod(),
              AttackRequests.all(AttackData.SMALL).setLimit(100).build(),
              20_000)),
  UNREAD_STREAMS(
      "1,000 unread streams of every key",
      a -> a.askUnread(KVGrpc.getRangeStreamMethod(), everything().build(), 1_000)),
  UNREAD_JSON("500 unread reads by JSON", Attack::unreadJson),
  UNREAD_WATCHES("10,000 unread watches on a key put with 1 MB each second", Attack::unreadWatches),
  WATCH_1_MB("100 watches of a 1.4 MB key from the past", Attack::watchesFromThePast),
  WATCH_AND_CANCEL("42,000 watches opened and cancelled", Attack::watchAndCancel),
  TXN_READS_ALL(
      "transactions of a put and a read of all",
      a -> a.ask(KVGrpc.getTxnMethod(), AttackRequests.putAnd(small("txn"), everything().build()))),
  TXN_COUNTS(
      "transactions of a put and 127 counts of all",
      a ->
          a.ask(
              KVGrpc.getTxnMethod(),
              AttackRequests.putAndManyTimes(
                  small("txn"), everything().setCountOnly(true).build()))),
  TXN_COMPARES(
      "transactions of 127 compares over all keys",
      a -> a.ask(KVGrpc.getTxnMethod(), AttackRequests.manyCompares("abuse/", small("txn")))),
  TXN_READS_LARGE(
      "many transactions that each read a 1.4 MB key",
      a -> {
        var txn = AttackRequests.putAnd(small("txn"), AttackRequests.one(AttackData.HUGE));
        a.askUnread(KVGrpc.getTxnMethod(), txn, 2_000);
      }),
  TXN_READS_ITS_PUT(
      "transactions that read their own 1.4 MB put 127 times",
      a -> {
        var put = AttackRequests.put("abuse/own", AttackData.of(AttackData.HUGE_BYTES));
        a.ask(
            KVGrpc.getTxnMethod(),
            AttackRequests.putAndManyTimes(put, AttackRequests.one("abuse/own")));
      }),
  HALF_BODIES("requests of 1 MB that never end", Attack::halfBodies),
  LEASE_STORM("leases granted, renewed, revoked and left to end", Storms::leases),
  LOGINS_WITHOUT_USERS("logins while there are no users", Storms::logins),
  LOGINS("logins with right and wrong passwords", Storms::logins),
  RAPID_RESET("calls that are reset at once", RawFrames::resets),
  PING_FLOOD("pings and settings without pause", RawFrames::pings),
  CONTINUATION_FLOOD("headers that never end, without pause", RawFrames::continuations),
  HALF_HEADERS("2,000 connections whose headers come slowly", Attack::halfHeaders),
  CONNECTIONS("10,000 connections that say nothing", Attack::connections),
  DELETE_WITH_VALUES(
      "deletes of all that ask for what was there",
      a -> a.ask(KVGrpc.getDeleteRangeMethod(), AttackRequests.delete("abuse/", true))),
  DELETE_ALL(
      "deletes of all",
      a -> a.ask(KVGrpc.getDeleteRangeMethod(), AttackRequests.delete("abuse/", false)));

  /** The user of the attack with logins; it may do nothing. */
  public static final String USER = "abuse";

  /** Its password. */
  public static final String PASSWORD = "abuse-password";

  /** A little more than an ordinary client of etcd waits. */
  public static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final int SLOW_CONNECTIONS = 2_000;
  private static final int WATCHES = 10_000;
  private static final int WATCHES_CANCELLED = 42_000;
  private static final int CONNECTIONS_OPENED = 10_000;
  private static final int JSON_READS = 500;

  private final String title;
  private final Consumer<AttackRun> deed;

  Attack(String title, Consumer<AttackRun> deed) {
    this.title = title;
    this.deed = deed;
  }

  /** What the attack does, in a few words. */
  public String title() {
    return title;
  }

  /** Whether users must be in force during the attack, {@link #USER} among them. */
  public boolean needsUsers() {
    return this == LOGINS;
  }

  /**
   * Attacks an address.
   *
   * @param clients the number of clients at the same time
   * @param time the duration
   * @param patience how long a client waits for an answer; after the end, the whole attack waits as
   *     long for open requests
   * @return how many requests ended with each code and text
   */
  public Map<String, Long> on(HostPort address, int clients, Duration time, Duration patience) {
    AttackRun run = new AttackRun(address, clients, time, patience);
    try (run) {
      deed.accept(run);
    }
    return run.endings();
  }

  private static RangeRequest.Builder everything() {
    return AttackRequests.all("abuse/");
  }

  private static io.balsa.proto.etcdserverpb.PutRequest small(String name) {
    return AttackRequests.put("abuse-" + name, ByteString.copyFromUtf8("x"));
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void unreadJson(AttackRun run) {
    JsonObject range = new JsonObject();
    range.addProperty("key", base64(AttackRequests.bytes(AttackData.LARGE)));
    range.addProperty("range_end", base64(AttackRequests.endOf(AttackData.LARGE)));
    range.addProperty("limit", 30);
    for (int i = 0; i < JSON_READS && !run.isLate(); i++) {
      PlainSockets.askUnread(run, "/v3/kv/range", range.toString());
    }
    run.await();
  }

  private static void unreadWatches(AttackRun run) {
    String key = "abuse-watched";
    run.each(
        (_, connection) -> {
          for (int i = 0; i < Math.max(1, WATCHES / run.clients()); i++) {
            connection.askUnread(WatchGrpc.getWatchMethod(), AttackRequests.watch(key, 0));
          }
        });
    AttackConnection writer = run.connection();
    ByteString value = AttackData.of(1_000_000);
    while (!run.isOver()) {
      writer.ask(KVGrpc.getPutMethod(), AttackRequests.put(key, value), run.limitMillis());
      AttackRun.pause(Duration.ofSeconds(1));
    }
  }

  private static void watchesFromThePast(AttackRun run) {
    run.each(
        (_, connection) -> {
          do {
            WatchReader.readOne(connection, AttackRequests.watch(AttackData.HUGE, 1), run);
          } while (!run.isOver());
        });
  }

  private static void watchAndCancel(AttackRun run) {
    run.each(
        (_, connection) -> {
          for (int i = 0; i < WATCHES_CANCELLED / run.clients(); i++) {
            connection
                .askUnread(WatchGrpc.getWatchMethod(), AttackRequests.watch("abuse-" + i, 0))
                .cancel("as planned", null);
          }
        });
  }

  private static void halfBodies(AttackRun run) {
    for (int i = 0; i < JSON_READS && !run.isLate(); i++) {
      PlainSockets.beginBody(run, "/v3/kv/put", 1_000_000);
    }
    run.await();
  }

  private static void halfHeaders(AttackRun run) {
    SlowSockets.halfHeaders(run, Math.max(1, SLOW_CONNECTIONS / run.clients()));
  }

  private static void connections(AttackRun run) {
    for (int i = 0; i < CONNECTIONS_OPENED && !run.isLate(); i++) {
      PlainSockets.connect(run);
    }
    run.await();
  }
}
